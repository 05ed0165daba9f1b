using System.Globalization;
using Streaming.Faults.Engine;
using Streaming.Faults.Results;

namespace Streaming.Faults.Cases;

/// <summary>
/// Two engines that do not know of each other run with one group and the same transactional ids, as a wrong setting would have it. The broker lets the later one win each
/// partition; the loser stays away longer each time, so that they do not fence each other for ever, and says so.
/// </summary>
internal sealed class TwinCase : FaultCase
{
    /// <summary>How long both run, s.</summary>
    public required int Seconds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(CaseRun run, CancellationToken cancellation)
    {
        var shards = run.Options.Partitions;
        await run.Feeder.StartAsync(cancellation);
        using (var first = run.Start())
        {
            if (!await first.WaitForAsync(ShardStates.Running(shards), 1, run.Options.Patience, cancellation)) run.Fail("the first engine did not start");
            using var second = run.Start();
            if (!await second.WaitForAsync(s => ShardStates.RunningCount(s) > 0, 1, run.Options.Patience, cancellation)) run.Fail("the second engine did not start");
            await Task.Delay(TimeSpan.FromSeconds(Seconds), cancellation);
            var fenced = File.ReadLines(Path.Combine(run.Folder, "engine.log")).Count(l => l.Contains("was fenced by another owner", StringComparison.Ordinal));
            run.Figures[string.Create(CultureInfo.InvariantCulture, $"times a shard was fenced in {Seconds} s")] = fenced;
            // Each of the two back-offs doubles from 10 s: in two minutes a shard changes its owner no more than about eight times.
            var most = shards * 2 * (1 + (int)Math.Log2(1 + (Seconds / 5.0)));
            if (fenced == 0) run.Fail("nobody was fenced");
            else if (fenced > most) run.Fail($"{fenced} times fenced: they fence each other on and on");
            else run.Fault($"two engines with one id for {Seconds} s: fenced {fenced} times, each said so");
            if (first.HasExited || second.HasExited) run.Fail("one of them ended by itself");
        }

        return await run.JudgeAsync(cancellation);
    }
}
