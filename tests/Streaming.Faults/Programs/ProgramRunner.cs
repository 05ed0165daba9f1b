using Streaming.Faults.Results;

namespace Streaming.Faults.Programs;

/// <summary>Runs programs' cases one after the other and keeps each result; a kept result of the same sources is not run again.</summary>
internal sealed class ProgramRunner(FaultOptions options, TextWriter output)
{
    private readonly ResultStore _results = new(options.Results);

    /// <summary>Runs what is asked for.</summary>
    /// <returns>True where every case passed.</returns>
    public async Task<bool> RunAsync(IReadOnlyList<ProgramCase> programs, bool isForced, CancellationToken cancellation)
    {
        var (commit, passed) = (Sources.Commit(options.Root), 0);
        foreach (var program in programs)
        {
            var sources = ProgramSources.Hash(options.Root, program);
            if (!isForced && _results.Find(program.Name) is { Passed: true } kept && kept.Sources == sources)
            {
                output.WriteLine($"[{program.Name}] passed before on these sources ({kept.Commit})");
                passed++;
                continue;
            }

            output.WriteLine($"[{program.Name}] {program.About}");
            var result = await RunAsync(program, sources, cancellation) with { Commit = commit, Sources = sources };
            if (options.IsTrial) output.WriteLine($"[{program.Name}] a trial: it does not count, and no result is kept");
            else _results.Keep(result);
            if (result.Passed) passed++;
            output.WriteLine($"[{program.Name}] {(result.Passed ? "PASSED" : "FAILED: " + string.Join("; ", result.Failures))}: {result.Fed} inputs or events, {result.Seconds:0} s");
        }

        if (programs.Count > 0) output.WriteLine($"{passed} of {programs.Count} programs passed");
        return passed == programs.Count;
    }

    private async Task<CaseResult> RunAsync(ProgramCase program, string sources, CancellationToken cancellation)
    {
        try
        {
            return await program.RunAsync(new ProgramRun(options, program, sources, output.WriteLine), cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // One broken program must not keep the others from running; it counts as failed.
            return CaseResult.Broken(program.Name, e);
        }
    }
}
