using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>
/// Reads of the store, and writes of vector tables, that a batch waits for within a budget. After a late one the store counts as slow: the next batches do not wait at all, until some read, a probe at the latest, was answered within
/// the budget again. So a slow store holds back those whose rows it has not given yet, and nobody else.
/// </summary>
internal sealed class StoreReads(IShardStore store, TimeProvider time, TimeSpan budget)
{
    private volatile bool _isSlow;
    private Task _probe = Task.CompletedTask;

    /// <summary>True from a late read to the next one in time.</summary>
    public bool IsSlow => _isSlow;

    /// <summary>Starts a read, which goes on whether or not somebody waits for it.</summary>
    public async Task<T> StartAsync<T>(Func<ValueTask<T>> read)
    {
        var started = time.GetTimestamp();
        var answer = await read().ConfigureAwait(false);
        if (time.GetElapsedTime(started) <= budget) _isSlow = false;
        return answer;
    }

    /// <summary>Waits for a read that was started: not at all where the store is slow.</summary>
    /// <returns>True where it has ended, well or not.</returns>
    public async ValueTask<bool> EndsInTimeAsync(Task read, CancellationToken cancellation)
    {
        if (read.IsCompleted) return true;
        if (_isSlow) return false;
        var over = new TaskCompletionSource(); // goes on inline: the core has no threads of its own
        await using var timer = time.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over, budget, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await Task.WhenAny(read, over.Task).WaitAsync(cancellation).ConfigureAwait(false);
        if (read.IsCompleted) return true;
        _isSlow = true;
        ShardMetrics.LateReads.Add(1);
        return false;
    }

    /// <summary>Asks a store that is slow whether it still is, in the background.</summary>
    public void Probe(CancellationToken cancellation)
    {
        if (_probe.IsCompleted) _probe = Forget(StartAsync(() => store.ReadShardAsync(cancellation)));
    }

    /// <summary>Lets a read end without anybody who waits for it: what it found, a later one will find.</summary>
    public static async Task Forget(Task read) => await read.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>What a read that was not waited for is reported as.</summary>
    public static StoreUnavailableException Late() => new("the store is slow: the rows were not there in time (Shard:LoadBudget)");
}
