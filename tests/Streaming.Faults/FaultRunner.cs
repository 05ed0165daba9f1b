using System.Diagnostics;
using Streaming.Faults.Cases;
using Streaming.Faults.Results;
using Streaming.Faults.Servers;

namespace Streaming.Faults;

/// <summary>Runs cases one after the other and keeps each result; a case whose kept result is of the same sources, parameters and seed is not run again.</summary>
internal sealed class FaultRunner(FaultOptions options, TextWriter output, bool isQuick = false)
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
        // Now: the engine was built from what is there, and sources may change while cases run.
        var (hashes, commit) = (cases.ToDictionary(fault => fault, fault => Sources.Hash(options.Root, fault)), Sources.Commit(options.Root));
        Directory.CreateDirectory(options.Work);
        var (passed, skipped) = (0, 0);
        foreach (var fault in cases)
        {
            if (isQuick)
            {
                var quick = await RunAsync(fault, cancellation);
                if (quick.Passed) passed++;
                output.WriteLine($"[{fault.Name}] {(quick.Passed ? "PASSED" : "FAILED: " + string.Join("; ", quick.Failures))}: {quick.Faults} faults, {quick.Events} events, {quick.Seconds:0} s");
                continue;
            }

            var sources = hashes[fault];
            if (!isForced && _results.Find(fault.Name) is { } kept && kept.StandsFor(sources, CaseRun.SeedOf(options, fault)))
            {
                output.WriteLine($"[{fault.Name}] passed before on these sources ({kept.Commit})");
                passed++;
                continue;
            }

            var result = await RunAsync(fault, cancellation) with { Commit = commit, Sources = sources };
            if (options.MaxTimes == 0 && fault.Counts(options)) _results.Keep(result);
            else output.WriteLine($"[{fault.Name}] a trial: it does not count, and no result is kept");
            if (result.Skipped is { } reason)
            {
                skipped++;
                output.WriteLine($"[{fault.Name}] SKIPPED: {reason}");
                continue;
            }

            if (result.Passed) passed++;
            output.WriteLine($"[{fault.Name}] {(result.Passed ? "PASSED" : "FAILED: " + string.Join("; ", result.Failures))}: {result.Faults} faults, {result.Events} events, {result.Seconds:0} s");
        }

        output.WriteLine(isQuick ? $"quick faults: {passed} passed, {cases.Count - passed} failed" : $"{passed} of {cases.Count} cases passed{(skipped > 0 ? $", {skipped} cannot run here" : "")}");
        return passed + skipped == cases.Count;
    }

    /// <summary>Builds the engine with crash points.</summary>
    public async Task BuildAsync(CancellationToken cancellation)
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet",
            ["build", Path.Combine(options.Root, "src", "Streaming.Host"), "-c", "Release", "-p:CrashPoints=true", .. isQuick ? (string[])[] : ["-p:CassandraDriver=true"], "-p:RunAnalyzers=false", "-v", "q", "-nologo"]))!;
        await build.WaitForExitAsync(cancellation);
        if (build.ExitCode != 0) throw new InvalidOperationException("the engine with crash points does not build");
    }

    /// <summary>Ends the servers that a run started.</summary>
    public Task StopServersAsync() => _servers.RemoveAsync(CancellationToken.None);

    private async Task<CaseResult> RunAsync(FaultCase fault, CancellationToken cancellation)
    {
        var store = fault.Store == StoreKind.Cassandra ? _servers.CassandraOf(fault.StoreNodes) : null;
        output.WriteLine($"[{fault.Name}] {fault.Covers}: {fault.Inject}");
        try
        {
            if (store is not null) await store.UpAsync(cancellation);
            var brokers = await fault.StartBrokersAsync(_servers, cancellation);
            await using var run = new CaseRun(options, _servers, brokers, fault, output.WriteLine);
            return await fault.RunAsync(run, cancellation);
        }
        catch (CaseSkippedException e)
        {
            return CaseResult.Skip(fault.Name, e.Message);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // One broken case must not keep the others from running; it counts as failed.
            return CaseResult.Broken(fault.Name, e);
        }
        finally
        {
            await fault.StopBrokersAsync(_servers, CancellationToken.None);
            if (store is { Count: > 1 }) await store.RemoveAsync(CancellationToken.None); // no other case uses them, and they take much memory
        }
    }
}
