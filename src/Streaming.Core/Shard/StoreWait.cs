using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>
/// How long a batch waits for one kind of answer of the store: until its budget is spent. After a late answer that kind counts as slow, and batches do not wait for it at all, until one came within the budget again:
/// what was asked goes on in the background. So a slow store holds back those whose rows it has not given yet, and nobody else.
/// </summary>
internal sealed class StoreWait(StoreWaits budget, TimeProvider time)
{
    private volatile bool _isSlow;
    private Task _probe = Task.CompletedTask;

    /// <summary>True from a late answer to the next one in time.</summary>
    public bool IsSlow => _isSlow;

    /// <summary>Asks the store; the request goes on whether or not somebody waits for it.</summary>
    public async Task<T> StartAsync<T>(Func<ValueTask<T>> request)
    {
        var started = time.GetTimestamp();
        var answer = await request().ConfigureAwait(false);
        if (time.GetElapsedTime(started) <= budget.Total) _isSlow = false;
        return answer;
    }

    /// <summary>Waits for a request that was started: for what is left of the batch's budget, and not at all where the store is slow.</summary>
    /// <returns>True where it has ended, well or not.</returns>
    public async ValueTask<bool> EndsInTimeAsync(Task request, CancellationToken cancellation)
    {
        if (request.IsCompleted) return true;
        if (_isSlow) return false;
        var left = budget.Left;
        if (left > TimeSpan.Zero)
        {
            var began = time.GetTimestamp();
            var over = new TaskCompletionSource(); // goes on inline: the core has no threads of its own
            await using var timer = time.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over, left, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
            await Task.WhenAny(request, over.Task).WaitAsync(cancellation).ConfigureAwait(false);
            budget.Spend(time.GetElapsedTime(began));
            if (request.IsCompleted) return true;
        }

        _isSlow = true;
        ShardMetrics.LateAnswers.Add(1);
        return false;
    }

    /// <summary>Asks a slow store something of this kind, one request at a time and for nobody, to learn whether it still is slow.</summary>
    public void Probe<T>(Func<ValueTask<T>> request)
    {
        if (_probe.IsCompleted) _probe = Forget(StartAsync(request));
    }

    /// <summary>Lets a request end without anybody who waits for it: what it found, a later one will find.</summary>
    public static async Task Forget(Task request) => await request.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>What an answer that was not waited for is reported as.</summary>
    public static StoreUnavailableException Late() => new("the store is slow: its answer was not there in time (Shard:LoadBudget)");
}
