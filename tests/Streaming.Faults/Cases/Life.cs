using Streaming.Faults.Engine;

namespace Streaming.Faults.Cases;

/// <summary>A life of the engine that commits batches and is killed while its low-water mark R is behind its progress C: the next take-over must replay.</summary>
internal static class Life
{
    /// <summary>Lives and is killed.</summary>
    public static async Task RunAsync(CaseRun run, CancellationToken cancellation)
    {
        using var engine = run.Start(settings: ["--set", "Shard:FlushInterval=2s"]);
        if (!await engine.WaitForAsync(IsAhead, 1, run.Options.Patience, cancellation))
        {
            run.Fail("a life between kills did not get ahead of what it had stored");
            return;
        }

        engine.Kill();
        run.Fault("killed with R behind C");
    }

    private static bool IsAhead(System.Text.Json.JsonElement status) =>
        ShardStates.RunningCount(status) > 0 && ShardStates.Durable(status) > 0 && ShardStates.Committed(status) > ShardStates.Durable(status) + 20;
}
