namespace Streaming.Host.Replay;

/// <summary>Holds events back so that they come at a multiple of real speed: an event is due (its time − the first event's time) / speed after the start. Times that go back wait for nothing.</summary>
internal sealed class ReplayPacer(double? speed, TimeProvider time)
{
    private long _startedAt;
    private long? _firstMs;

    /// <summary>Waits until an event of this time is due. True where it had to wait.</summary>
    public async ValueTask<bool> WaitAsync(long eventMs, CancellationToken cancellation)
    {
        if (speed is not { } times) return false;
        if (_firstMs is not { } first)
        {
            _firstMs = eventMs;
            _startedAt = time.GetTimestamp();
            return false;
        }

        var due = TimeSpan.FromMilliseconds(Math.Max(0, eventMs - first) / times);
        var wait = due - time.GetElapsedTime(_startedAt);
        if (wait < TimeSpan.FromMilliseconds(1)) return false;
        await Task.Delay(wait, time, cancellation);
        return true;
    }
}
