namespace Streaming.Host.Bench;

/// <summary>Result of <c>bench fold</c>; the keys are fixed.</summary>
/// <param name="Events">Events folded.</param>
/// <param name="Seconds">From the first record folded to R = C = end on every shard.</param>
/// <param name="EventsPerSecond">Their quotient.</param>
/// <param name="AllocatedBytesPerEvent">Managed bytes allocated in that time, an event.</param>
/// <param name="PeakRssMiB">Peak resident memory of the process, broker excluded.</param>
/// <param name="StateHash">Hash over all stored profiles (state that comes from no tick and no score).</param>
/// <param name="Users">Profiles stored.</param>
/// <param name="CeilingEventsPerSecond">Rate at which the same topic is read in batches and nothing else is done, measured before in the same run; null: not asked for.</param>
/// <param name="ProcessorSeconds">Processor time of the process in the measured time, broker excluded.</param>
public sealed record FoldBenchResult(long Events, double Seconds, double EventsPerSecond, double AllocatedBytesPerEvent, double PeakRssMiB, string StateHash, long Users,
    double? CeilingEventsPerSecond, double ProcessorSeconds);
