using System.Diagnostics;
using Streaming.Faults.Cases;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;

namespace Streaming.Faults;

/// <summary>Runs cases one after the other and keeps each result; a kept result of the same sources is not run again.</summary>
internal sealed class FaultRunner(FaultOptions options, TextWriter output)
{
    private readonly ServerScripts _servers = new(options);
    private readonly ResultStore _results = new(options.Results);

    /// <summary>Runs what is asked for.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="isForced">Also those with a result of today's sources.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>True where every case passed.</returns>
    public async Task<bool> RunAsync(IReadOnlyList<FaultCase> cases, bool isForced, CancellationToken cancellation)
    {
        var (sources, commit) = (Sources.Hash(options.Root), Sources.Commit(options.Root));
        Directory.CreateDirectory(options.Work);
        var passed = 0;
        foreach (var fault in cases)
        {
            if (!isForced && _results.Find(fault.Name) is { Passed: true } kept && kept.Sources == sources)
            {
                output.WriteLine($"[{fault.Name}] passed before on these sources ({kept.Commit})");
                passed++;
                continue;
            }

            var result = await RunAsync(fault, cancellation) with { Commit = commit, Sources = sources };
            if (fault.Counts(options)) _results.Keep(result);
            else output.WriteLine($"[{fault.Name}] shortened: it does not count, and no result is kept");
            if (result.Passed) passed++;
            output.WriteLine($"[{fault.Name}] {(result.Passed ? "PASSED" : "FAILED: " + string.Join("; ", result.Failures))}: {result.Faults} faults, {result.Events} events, {result.Seconds:0} s");
        }

        output.WriteLine($"{passed} of {cases.Count} cases passed");
        return passed == cases.Count;
    }

    /// <summary>Builds the engine with crash points.</summary>
    public async Task BuildAsync(CancellationToken cancellation)
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet",
            ["build", Path.Combine(options.Root, "src", "Streaming.Host"), "-c", "Release", "-p:CrashPoints=true", "-p:CassandraDriver=true", "-p:RunAnalyzers=false", "-v", "q", "-nologo"]))!;
        await build.WaitForExitAsync(cancellation);
        if (build.ExitCode != 0) throw new InvalidOperationException("the engine with crash points does not build");
    }

    /// <summary>Ends the servers that a run started.</summary>
    public Task StopServersAsync() => _servers.RemoveAsync(CancellationToken.None);

    private async Task<CaseResult> RunAsync(FaultCase fault, CancellationToken cancellation)
    {
        await _servers.KafkaUpAsync(cancellation);
        if (fault.Store == StoreKind.Cassandra) await _servers.CassandraUpAsync(cancellation);
        output.WriteLine($"[{fault.Name}] {fault.Covers}: {fault.Inject}");
        await using var run = new CaseRun(options, _servers, fault, output.WriteLine);
        return await fault.RunAsync(run, cancellation);
    }
}
