using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Shard;

namespace Streaming.Pipeline.Shards;

/// <summary>
/// The life of one shard on this node:
/// <list type="number">
/// <item>wait until the former driver of the partition here ended and a fence has passed;</item>
/// <item>create the shard, take over;</item>
/// <item>run its stream until an error or the drain; no step runs afterwards;</item>
/// <item>on an error act as it asks and go back to 1 or 2; on the drain flush, dispose, end.</item>
/// </list>
/// </summary>
internal sealed class ShardDriver : IDisposable
{
    private static readonly TimeSpan SplitPoll = TimeSpan.FromSeconds(1);
    private readonly ShardNode _node;
    private readonly ShardEntry _entry;
    private readonly BackOff _retry;
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abandon;
    private int _lostUsers;
    private int _heldUsers;

    public ShardDriver(ShardNode node, ShardEntry entry)
    {
        _node = node;
        _entry = entry;
        _retry = new BackOff(node.Options.RetryBackOff, node.Options.RetryBackOffMax, node.Jitter);
        _abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, node.Time);
    }

    private int Partition => _entry.Partition;

    /// <summary>Lives until <see cref="Drain"/> or <see cref="Abandon"/>; then no step runs and the shard is disposed.</summary>
    /// <param name="former">The run of the partition's former driver on this node.</param>
    public async Task RunAsync(Task former)
    {
        try
        {
            await WaitForFormerAsync(former).ConfigureAwait(false);
            while (!_drain.IsCancellationRequested)
            {
                var error = await RunOnceAsync().ConfigureAwait(false);
                if (error is OperationCanceledException && _abandon.IsCancellationRequested) StoppedUnflushed();
                else if (error is not null) await ActAsync(error).ConfigureAwait(false);
            }
        }
        finally
        {
            await DisposeShardAsync().ConfigureAwait(false);
            _entry.Phase = ShardPhases.Stopped;
        }
    }

    /// <summary>Asks for the hand-off: no new batch, commit those in flight, flush, end. After the deadline what still runs is abandoned.</summary>
    public void Drain()
    {
        _abandon.CancelAfter(_node.HandOffDeadline);
        // Not inline: what waits for the token would go on on the caller's thread, which is the entity's.
        _ = _drain.CancelAsync();
    }

    /// <summary>Ends every step as soon as it can, without a flush.</summary>
    public void Abandon()
    {
        _ = _drain.CancelAsync();
        _ = _abandon.CancelAsync();
    }

    /// <summary>Asks the shard for a user; false where it does not run.</summary>
    public bool TryQuery(UserKey user, CancellationToken cancellation, out Task<UserView?> answer)
    {
        answer = Task.FromResult<UserView?>(null);
        if (_entry is not { Phase: ShardPhases.Running, Shard: { } shard }) return false;
        answer = shard.QueryAsync(user, cancellation);
        return true;
    }

    /// <summary>Asks the shard for a list; false where it does not run.</summary>
    public bool TryRecommend(UserKey user, int length, CancellationToken cancellation, out Task<UserList> answer)
    {
        answer = Task.FromResult<UserList>(default);
        if (_entry is not { Phase: ShardPhases.Running, Shard: { } shard }) return false;
        answer = shard.RecommendAsync(user, length, cancellation);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _drain.Dispose();
        _abandon.Dispose();
    }

    /// <summary>Steps 2 and 3, and the flush of step 4.</summary>
    /// <returns>The error to act on; null after a drain.</returns>
    private async Task<Exception?> RunOnceAsync()
    {
        try
        {
            await WaitOutFenceAsync().ConfigureAwait(false);
            var shard = await TakeOverAsync().ConfigureAwait(false);
            var started = _node.Time.GetTimestamp();
            _entry.Phase = ShardPhases.Running;
            PipelineLog.ShardRunning(_node.Logger, Partition, shard.Status.TakeOver);
            using var stream = new BatchStream(shard, _drain.Token, _abandon.Token) { Committed = () => SayWhoIsHeldBack(shard) };
            var end = await stream.RunAsync(_node.Materializer).ConfigureAwait(false);
            if (end.Worst is { } error)
            {
                if (end.Committed > 0 || _node.Time.GetElapsedTime(started) >= _node.Options.RetryBackOffMax) _entry.Failures = 0;
                return error;
            }

            await HandOffAsync(shard).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (_drain.IsCancellationRequested && !_abandon.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Every error has an answer in ActAsync, unexpected ones too; a driver that died would leave its partition without an owner.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error;
        }
    }

    // Lost users: once for each that joins them, since only a person can help them. Others held back: when the first comes and when the last is back.
    private void SayWhoIsHeldBack(IUserShard shard)
    {
        var lost = shard.Status.LostUserCount;
        if (lost > _lostUsers) PipelineLog.UsersLost(_node.Logger, Partition, lost);
        _lostUsers = lost;
        var held = shard.Status.ParkedUsers;
        if (held > 0 && _heldUsers == 0) PipelineLog.UsersHeldBack(_node.Logger, Partition, held);
        else if (held == 0 && _heldUsers > 0) PipelineLog.UsersBack(_node.Logger, Partition);
        _heldUsers = held;
    }

    private async Task<IUserShard> TakeOverAsync()
    {
        _drain.Token.ThrowIfCancellationRequested();
        _entry.Phase = ShardPhases.TakingOver;
        // Off the caller's thread: a take-over replays and computes.
        return await Task.Run(async () =>
        {
            var shard = _entry.Shard ??= await _node.Factory.CreateAsync(Partition, _drain.Token).ConfigureAwait(false);
            await shard.TakeOverAsync(_drain.Token).ConfigureAwait(false);
            return shard;
        }).ConfigureAwait(false);
    }

    private async Task HandOffAsync(IUserShard shard)
    {
        _entry.Phase = ShardPhases.HandingOff;
        await Task.Run(() => shard.HandOffAsync(_abandon.Token).AsTask()).ConfigureAwait(false);
        ShardMetrics.HandOff(flushed: true);
        PipelineLog.ShardHandedOff(_node.Logger, Partition);
    }

    /// <summary>Nothing is lost: the next owner replays from R to C.</summary>
    private void StoppedUnflushed()
    {
        ShardMetrics.HandOff(flushed: false);
        PipelineLog.ShardStoppedUnflushed(_node.Logger, Partition);
    }

    private async Task ActAsync(Exception error)
    {
        var action = (error as EngineException)?.Action;
        ShardMetrics.Failure(action?.ToString() ?? "Unexpected");
        _entry.Error = error.Message;
        var failures = _entry.Failures++;
        switch (action)
        {
            case ErrorAction.TakeOverAgain:
                var late = failures - _node.Options.ImmediateTakeOvers;
                var delay = late < 0 ? TimeSpan.Zero : _retry.Delay(late);
                PipelineLog.ShardTakesOverAgain(_node.Logger, error, Partition, delay.TotalSeconds);
                await DelayAsync(delay, ShardPhases.BackingOff).ConfigureAwait(false);
                break;
            case ErrorAction.Retry:
                delay = _retry.Delay(failures);
                PipelineLog.ShardRetries(_node.Logger, error, Partition, delay.TotalSeconds);
                await DelayAsync(delay, ShardPhases.BackingOff).ConfigureAwait(false);
                break;
            case ErrorAction.StopAndBackOff:
                delay = _node.Fences.Record(Partition);
                PipelineLog.ShardFenced(_node.Logger, error, Partition, delay.TotalSeconds);
                _entry.Phase = ShardPhases.Fenced;
                await DisposeShardAsync().ConfigureAwait(false);
                break; // the next run waits for the ledger, and so would a new driver
            case ErrorAction.Fatal:
                delay = new BackOff(_node.Options.FatalRetry, _node.Options.FatalRetry, _node.Jitter).Delay(0);
                PipelineLog.ShardFailed(_node.Logger, error, Partition, delay.TotalSeconds);
                await StartOverAsync(delay, ShardPhases.Failed).ConfigureAwait(false);
                break;
            default:
                delay = _retry.Delay(failures);
                PipelineLog.ShardBroke(_node.Logger, error, Partition, delay.TotalSeconds);
                await StartOverAsync(delay, ShardPhases.BackingOff).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>For errors after which the shard object itself cannot be trusted, or should not hold memory: a new one later.</summary>
    private async Task StartOverAsync(TimeSpan delay, string phase)
    {
        _entry.Phase = phase;
        await DisposeShardAsync().ConfigureAwait(false);
        await DelayAsync(delay, phase).ConfigureAwait(false);
    }

    // Who was fenced while members cannot be reached may be on the side that will go, without knowing it yet: coming back it would take the partition from the new owner, and go all the same.
    // The cluster decides within seconds; where it does not, the longest back-off of a fence is long enough.
    private async Task WaitOutFenceAsync()
    {
        var left = _node.Fences.Remaining(Partition);
        if (left <= TimeSpan.Zero) return;
        await DelayAsync(left, ShardPhases.Fenced).ConfigureAwait(false);
        for (var waited = TimeSpan.Zero; _node.IsMemberAway() && waited < _node.Options.FenceBackOffMax && !_drain.IsCancellationRequested; waited += SplitPoll)
            await DelayAsync(SplitPoll, ShardPhases.Fenced).ConfigureAwait(false);
    }

    private async Task DelayAsync(TimeSpan delay, string phase)
    {
        if (delay <= TimeSpan.Zero) return;
        _entry.Phase = phase;
        // A drain ends the wait; the caller's loop sees it.
        await Task.Delay(delay, _node.Time, _drain.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Two drivers of one partition on one node would fight over its files; the former gets as long as a hand-off may take.</summary>
    private async Task WaitForFormerAsync(Task former)
    {
        var ended = await Task.WhenAny(former, Task.Delay(_node.HandOffDeadline, _node.Time, _drain.Token)).ConfigureAwait(false);
        if (ended != former && !_drain.IsCancellationRequested) PipelineLog.FormerShardHangs(_node.Logger, Partition, _node.HandOffDeadline.TotalSeconds);
    }

    private async Task DisposeShardAsync()
    {
        if (_entry.Shard is not { } shard) return;
        _entry.Shard = null;
        try
        {
            await shard.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The shard is given up either way; its error is logged and the partition must live on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            PipelineLog.ShardDisposeFailed(_node.Logger, error, Partition);
        }
    }
}
