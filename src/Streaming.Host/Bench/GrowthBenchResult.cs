namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench growth</c>.</summary>
/// <param name="Users">Users of the population.</param>
/// <param name="ResidentUsers">Users in memory at the end, as objects or packed.</param>
/// <param name="Events">Events measured.</param>
/// <param name="Misses">Rows that the shards asked of the store meanwhile.</param>
/// <param name="Event">Cost of an event.</param>
/// <param name="Hit">Cost of an event where the whole population fits.</param>
/// <param name="MissFloor">Cost of one of those rows, read and written back by the bare driver.</param>
public sealed record GrowthBenchResult(int Users, long ResidentUsers, long Events, long Misses, CostOfOne Event, CostOfOne Hit, CostOfOne MissFloor)
{
    /// <summary>Rows asked of the store an event.</summary>
    public double MissShare => (double)Misses / Events;

    /// <summary>The cost of an event over that of a hit and the share of misses at their floor, by the clock.</summary>
    public double Ratio => Event.Microseconds / (Hit.Microseconds + (MissShare * MissFloor.Microseconds));

    /// <summary>The same by processor time.</summary>
    public double ProcessorRatio => Event.ProcessorMicroseconds / (Hit.ProcessorMicroseconds + (MissShare * MissFloor.ProcessorMicroseconds));
}
