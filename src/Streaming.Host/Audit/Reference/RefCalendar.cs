namespace Streaming.Host.Audit.Reference;

/// <summary>
/// Days, quiet hours and the day's budget, written from docs/decisions/0037. Slow on purpose: a time of the local clock is looked for a quarter of an hour at a time, which every zone's shift is a multiple of.
/// </summary>
/// <param name="Zone">The shop's zone.</param>
/// <param name="QuietFrom">First quiet hour.</param>
/// <param name="QuietTo">First hour that is not; the same: none is.</param>
/// <param name="PerDay">The whole shop's budget; 0: none.</param>
/// <param name="Hour">From which hour on a day's is spent.</param>
/// <param name="Partition">Whose part.</param>
/// <param name="Partitions">Of how many.</param>
internal sealed record RefCalendar(TimeZoneInfo Zone, int QuietFrom, int QuietTo, int PerDay, int Hour, int Partition, int Partitions)
{
    private const long QuarterMs = 15 * 60_000;

    /// <summary>Days since 1970-01-01 on the local calendar.</summary>
    public long DayOf(long ms) => Local(ms).Date.Subtract(new DateTime(1970, 1, 1)).Days;

    /// <summary>True in quiet hours.</summary>
    public bool IsQuiet(long ms)
    {
        for (var hour = QuietFrom; hour != QuietTo; hour = (hour + 1) % 24)
        {
            if (Local(ms).Hour == hour) return true;
        }

        return false;
    }

    /// <summary>First time at or after one that is not quiet.</summary>
    public long QuietEnd(long ms)
    {
        var at = Quarter(ms);
        while (IsQuiet(at)) at += QuarterMs;
        return at;
    }

    /// <summary>First time of a local day whose hour is the budget's or later.</summary>
    public long Opens(long day)
    {
        var at = (day - 1) * 86_400_000;
        while (DayOf(at) < day || (DayOf(at) == day && Local(at).Hour < Hour)) at += QuarterMs;
        return at;
    }

    /// <summary>The partition's part of a day's budget: N parts that differ by one at most, the larger ones in turn.</summary>
    public int Share(long day)
    {
        var rest = PerDay % Partitions;
        var turn = (Partition + day) % Partitions;
        if (turn < 0) turn += Partitions;
        return (PerDay / Partitions) + (turn < rest ? 1 : 0);
    }

    private DateTime Local(long ms) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), Zone).DateTime;

    private static long Quarter(long ms) => (long)Math.Ceiling(ms / (double)QuarterMs) * QuarterMs;
}
