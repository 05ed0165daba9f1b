using System.Diagnostics;

namespace Streaming.Kafka;

/// <summary>
/// Time that a loop waited, as far as the process ran: one that was frozen meanwhile has not looked, and what it would conclude from the time that went by may be wrong by now. A turn of the loop counts for
/// so long at most.
/// </summary>
/// <param name="mostTurnMs">Longest time that a turn takes by itself, ms.</param>
internal sealed class AwakeTime(long mostTurnMs)
{
    private long _turnBegan = Stopwatch.GetTimestamp();

    /// <summary>Time waited, ms.</summary>
    public long Ms { get; private set; }

    /// <summary>Ends a turn.</summary>
    public void Count()
    {
        var now = Stopwatch.GetTimestamp();
        Ms += Math.Min(mostTurnMs, (long)Stopwatch.GetElapsedTime(_turnBegan, now).TotalMilliseconds);
        _turnBegan = now;
    }
}
