namespace Streaming.Host.Demo.Storefront;

/// <summary>So many at once, and so many a second after that. Not safe across threads. The framework's limiter (System.Threading.RateLimiting) takes no clock, and would have to be disposed of with each visitor that is forgotten.</summary>
/// <param name="burst">Most at once.</param>
/// <param name="perSecond">Rate at which it fills.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(int burst, double perSecond, TimeProvider time)
{
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <summary>Takes one; false where there is none.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + time.GetElapsedTime(_at, now).TotalSeconds * perSecond);
        _at = now;
        if (_tokens < 1) return false;
        _tokens--;
        return true;
    }
}
