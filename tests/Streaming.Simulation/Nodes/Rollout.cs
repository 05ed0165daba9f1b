namespace Streaming.Simulation.Nodes;

/// <summary>How nodes come to the start that gives them other settings.</summary>
internal enum Rollout
{
    /// <summary>All are killed at once.</summary>
    Killed,
    /// <summary>All hand their shards off, and stop.</summary>
    HandedOff,
    /// <summary>One after the other hands its shards off and stops: nodes with the old settings and with the new take shards over from each other.</summary>
    OneByOne,
    /// <summary>Each when something else kills it.</summary>
    ByChance,
}
