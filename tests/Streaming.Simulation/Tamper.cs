using Streaming.Simulation.Workload;

namespace Streaming.Simulation;

/// <summary>What a test does to a run from outside, to show that a checker speaks.</summary>
internal sealed record Tamper
{
    /// <summary>Before anything happens.</summary>
    public Action<World>? Begin { get; init; }

    /// <summary>When the storm is over.</summary>
    public Action<World>? Healed { get; init; }

    /// <summary>When all shards have been handed off, before the checkers.</summary>
    public Action<World, Shop>? HandedOff { get; init; }
}
