using Streaming.Faults.Results;

namespace Streaming.Faults.Programs;

/// <summary>A proof without a broker or a store: a test program of this repository, started as a child process with a fixed amount of work.</summary>
internal abstract class ProgramCase
{
    /// <summary>Its name, of letters, digits and dashes: the result's file. <c>sim-</c>, <c>fuzz-</c> and <c>cost-</c> keep it apart from the cases of real processes.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required string About { get; init; }

    /// <summary>Folders and files, from the root on, of which the result speaks.</summary>
    public required IReadOnlyList<string> Covers { get; init; }

    /// <summary>Runs it to its end.</summary>
    public abstract Task<CaseResult> RunAsync(ProgramRun run, CancellationToken cancellation);
}
