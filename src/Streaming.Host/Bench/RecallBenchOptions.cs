namespace Streaming.Host.Bench;

/// <summary>What <c>bench recall</c> measures.</summary>
public sealed record RecallBenchOptions
{
    /// <summary>Sessions in the index.</summary>
    public required int Sessions { get; init; }
    /// <summary>Distinct items of the sessions.</summary>
    public int Items { get; init; } = 100_000;
    /// <summary>Users asked for, one after another.</summary>
    public int Queries { get; init; } = 5_000;
    /// <summary>Items with a vector of 64 floats, for the exact scan.</summary>
    public int Vectors { get; init; } = 1_000_000;
    /// <summary>Seed of the draw.</summary>
    public ulong Seed { get; init; } = 1;
}
