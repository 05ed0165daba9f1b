using System.Diagnostics;

namespace Streaming.Faults.Clock;

/// <summary>
/// Event times near the broker's time, which is this machine's: first they run from now on, faster than time; then, a given time later, at its own pace through the same moments once more.
/// </summary>
/// <param name="pace">How much faster at first.</param>
/// <param name="later">How much later then; the engine's allowance for events of the future must be at least that.</param>
internal sealed class ShopTime(int pace, TimeSpan later)
{
    private readonly long _startMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _wentOnMs = -1;

    /// <summary>From now on the second way.</summary>
    public void GoOn() => Interlocked.CompareExchange(ref _wentOnMs, _clock.ElapsedMilliseconds, -1);

    /// <summary>Event time of an event of now, ms.</summary>
    public long Next()
    {
        var (elapsed, wentOn) = (_clock.ElapsedMilliseconds, Interlocked.Read(ref _wentOnMs));
        return wentOn < 0 ? _startMs + (pace * elapsed) : _startMs + (long)later.TotalMilliseconds + elapsed - wentOn;
    }
}
