namespace Streaming.Simulation.Checks;

/// <summary>Who speaks of a finding (docs/fault-model.md, "The checkers").</summary>
internal enum Checker
{
    /// <summary>State ahead of C reached the store.</summary>
    AheadOfCommit,
    OneContent,
    OneOwner,
    Status,
    Memory,
    /// <summary>An error that is not the engine's own, or one that asks for a person.</summary>
    Errors,
    Convergence,
    /// <summary>A request to end a transaction ended another.</summary>
    Torn,
    /// <summary>The reference fold.</summary>
    Audit,
    Replay,
    DueIndex,
    Count,
    CreatedAnew,
    /// <summary>Something ran on another thread.</summary>
    Threads,
}
