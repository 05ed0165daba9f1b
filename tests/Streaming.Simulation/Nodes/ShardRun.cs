using Streaming.Core.Errors;
using Streaming.Core.Shard;

namespace Streaming.Simulation.Nodes;

/// <summary>
/// The life of one shard on one node, as Streaming.Pipeline's ShardDriver and BatchStream lead it: take over; Ingest of n+2, Work of n+1 and Commit of n at a time; on an error what it asks for; on a drain the hand-off.
/// </summary>
#pragma warning disable CA1001 // Its end is the process's death as often as not; the sources have no timer or handle.
internal sealed class ShardRun(Node node, int partition)
#pragma warning restore CA1001
{
    private const int ImmediateTakeOvers = 3;
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abandon = new();
    private int _failures;

    private World World => node.World;

    /// <summary>Fold settings of the node.</summary>
    public NodeSettings Settings => node.Settings;

    /// <summary>The shard, where there is one.</summary>
    public UserShard? Shard { get; private set; }

    public void Start() => World.Watch(RunAsync(), $"n{node.Number} partition {partition}");

    /// <summary>Hand-off: no new batch, commit what is in flight, flush, end.</summary>
    public void Drain(long deadlineUs)
    {
        _drain.Cancel();
        World.Scheduler.After(deadlineUs, Kernel.Label.Timer, node.Process, _abandon.Cancel);
    }

    /// <summary>Ends every step as soon as it can, without a flush.</summary>
    public void Abandon()
    {
        _drain.Cancel();
        _abandon.Cancel();
    }

    private async Task RunAsync()
    {
        while (!_drain.IsCancellationRequested)
        {
            var error = await RunOnceAsync().ConfigureAwait(false);
            World.Trace.CheckThread();
            if (_drain.IsCancellationRequested && World.IsCalm && error is StoreRolledBackException) World.IsLeftOpen = true;
            if (error is not null and not OperationCanceledException) await ActAsync(error).ConfigureAwait(false);
        }

        await DisposeAsync().ConfigureAwait(false);
        World.Trace.CheckThread();
        node.Runs.Remove(partition);
    }

    private async Task<Exception?> RunOnceAsync()
    {
        try
        {
            if (node.Fences.TryGetValue(partition, out var fence)) await DelayAsync(fence.UntilUs - World.Scheduler.NowUs).ConfigureAwait(false);
            _drain.Token.ThrowIfCancellationRequested();
            var shard = Shard ??= await node.CreateAsync(partition).ConfigureAwait(false);
            World.Say($"n{node.Number} takes partition {partition} over");
            await shard.TakeOverAsync(_drain.Token).ConfigureAwait(false);
            World.TookOver(shard);
            if (!World.IsCalm && World.Faults.Chance(World.Plan.Violence * 0.3)) SendAway();
            using var stream = new BatchSteps(node, shard, _drain.Token, _abandon.Token);
            if (await stream.RunAsync().ConfigureAwait(false) is { } error)
            {
                if (stream.Committed > 0) _failures = 0;
                return error;
            }

            await shard.HandOffAsync(_abandon.Token).ConfigureAwait(false);
            World.Say($"n{node.Number} handed partition {partition} off");
            if (shard.Status.ParkedUsers > 0 || shard.Status.DefersDues) World.IsLeftOpen = true;
            World.Stats.HandOffs++;
            return null;
        }
        catch (OperationCanceledException) when (_drain.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // As in the driver: every error has an answer, and what is no EngineException fails the run.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error;
        }
    }

    // Asked to go before its first batch: what the take-over found must survive that too.
    private void SendAway()
    {
        World.Stats.Revocations++;
        Drain(World.Faults.Between(50_000, 8_000_000));
        World.Scheduler.After(World.Faults.Between(1_000, 1_000_000), Kernel.Label.Nemesis, node.Process, () =>
        {
            if (!World.IsCalm) node.Grant(partition);
        });
    }

    private async Task ActAsync(Exception error)
    {
        var action = (error as EngineException)?.Action;
        var failures = _failures++;
        World.Errored(error, action, $"n{node.Number} partition {partition}");
        switch (action)
        {
            case ErrorAction.TakeOverAgain:
                await DelayAsync(failures < ImmediateTakeOvers ? 0 : 500_000).ConfigureAwait(false);
                break;
            case ErrorAction.Retry:
                await DelayAsync(300_000L << Math.Min(failures, 4)).ConfigureAwait(false);
                break;
            case ErrorAction.StopAndBackOff:
                var times = node.Fences.TryGetValue(partition, out var last) && World.Scheduler.NowUs < last.UntilUs + 10_000_000 ? Math.Min(last.Times + 1, 4) : 0;
                node.Fences[partition] = (World.Scheduler.NowUs + (1_000_000L << times) + World.Faults.Between(0, 500_000), times);
                await DisposeAsync().ConfigureAwait(false);
                break;
            default:
                await DisposeAsync().ConfigureAwait(false);
                await DelayAsync(5_000_000).ConfigureAwait(false);
                break;
        }
    }

    private async Task DelayAsync(long us)
    {
        if (us <= 0) return;
        var over = new TaskCompletionSource();
        World.Scheduler.After(us, Kernel.Label.Timer, node.Process, () => over.TrySetResult());
        using var drained = _drain.Token.Register(() => over.TrySetResult());
        await over.Task.ConfigureAwait(false);
    }

    private async Task DisposeAsync()
    {
        if (Shard is not { } shard) return;
        Shard = null;
        await shard.DisposeAsync().ConfigureAwait(false);
    }
}
