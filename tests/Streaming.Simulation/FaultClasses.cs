namespace Streaming.Simulation;

/// <summary>Classes of faults that can be chosen; the others are in every run.</summary>
[Flags]
internal enum FaultClasses
{
    None = 0,
    /// <summary>A read of a profile's row meets a replica that missed the last write.</summary>
    StaleRows = 1,
    /// <summary>A read gives damaged bytes.</summary>
    CorruptRows = 2,
    /// <summary>The store is rolled back under running nodes.</summary>
    LiveRollBack = 4,
    /// <summary>All of them: what a run has unless told otherwise.</summary>
    Usual = StaleRows | CorruptRows | LiveRollBack,
}
