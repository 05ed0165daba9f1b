namespace Streaming.Simulation.Kernel;

/// <summary>
/// Requests between a process and a server. A request takes effect when it arrives, and its task completes when the reply arrives: each may be late or lost by itself, and a request that left a process that has
/// died since may or may not still arrive.
/// </summary>
internal sealed class Wire(Scheduler scheduler, Rng rng)
{
    /// <summary>How likely each trouble is; nothing of it once the storm is over.</summary>
    public WireFaults Faults { get; set; } = WireFaults.None;

    public Scheduler Scheduler => scheduler;

    /// <summary>Requests that never arrived.</summary>
    public int LostRequests { get; private set; }

    /// <summary>Replies that never arrived.</summary>
    public int LostReplies { get; private set; }

    /// <summary>Requests that arrived after their sender had given up.</summary>
    public int LateRequests { get; private set; }

    /// <summary>Sends a request.</summary>
    /// <param name="from">The process that asks.</param>
    /// <param name="label">What it asks.</param>
    /// <param name="isDown">True while the server does not hear.</param>
    /// <param name="effect">What happens at the server.</param>
    /// <param name="timeOutUs">How long the process waits.</param>
    /// <param name="onTimeOut">What it makes of silence.</param>
    /// <param name="slowUs">How much longer than usual the server takes to come to it.</param>
    /// <param name="cancellation">Ends the waiting, never the request.</param>
    public Task<T> AskAsync<T>(Process from, Label label, Func<bool> isDown, Func<T> effect, long timeOutUs, Func<Exception> onTimeOut, long slowUs = 0, CancellationToken cancellation = default)
    {
        var promise = new TaskCompletionSource<T>();
        var survives = rng.Chance(0.5);
        var isLost = rng.Chance(Faults.LostRequest);
        var replyIsLost = rng.Chance(Faults.LostReply);
        var askedUs = scheduler.NowUs;
        if (isLost)
        {
            LostRequests++;
        }
        else
        {
            scheduler.After(Delay(timeOutUs) + slowUs, label, null, () =>
            {
                if (!from.IsAlive && !survives) return;
                if (scheduler.NowUs - askedUs > timeOutUs) LateRequests++;
                if (isDown())
                {
                    TimeOut();
                    return;
                }

                var result = effect();
                if (replyIsLost) LostReplies++;
                else scheduler.After(Short(), Label.Reply, from, () => promise.TrySetResult(result));
            });
        }

        if (isLost || replyIsLost || Faults.Late > 0 || slowUs > 0) TimeOut();
        return cancellation.CanBeCanceled ? WithCancellationAsync(promise, cancellation) : promise.Task;

        void TimeOut() => scheduler.After(timeOutUs, Label.TimeOut, from, () => promise.TrySetException(onTimeOut()));
    }

    /// <summary>A short random delay of a process.</summary>
    public Task YieldAsync(Process process, long maxUs = 400) => DelayAsync(process, Label.Yield, rng.Between(0, maxUs));

    /// <summary>A delay of a process.</summary>
    public Task DelayAsync(Process process, Label label, long us)
    {
        var promise = new TaskCompletionSource();
        scheduler.After(us, label, process, () => promise.TrySetResult());
        return promise.Task;
    }

    private static async Task<T> WithCancellationAsync<T>(TaskCompletionSource<T> promise, CancellationToken cancellation)
    {
        using var registration = cancellation.Register(() => promise.TrySetCanceled(cancellation));
        return await promise.Task.ConfigureAwait(false);
    }

    private long Delay(long timeOutUs)
    {
        if (rng.Chance(Faults.Late)) return timeOutUs + rng.Between(0, Faults.LateUs);
        return rng.Chance(Faults.Slow) ? rng.Between(20_000, timeOutUs * 9 / 10) : Short();
    }

    private long Short() => rng.Between(200, 4_000);
}

/// <summary>Probabilities of trouble on the wire.</summary>
/// <param name="LostRequest">The server never hears.</param>
/// <param name="LostReply">The process never learns.</param>
/// <param name="Late">The request arrives after the process gave up.</param>
/// <param name="LateUs">How long after.</param>
/// <param name="Slow">It takes most of the time that the process waits.</param>
internal sealed record WireFaults(double LostRequest, double LostReply, double Late, long LateUs, double Slow)
{
    public static readonly WireFaults None = new(0, 0, 0, 0, 0);
}
