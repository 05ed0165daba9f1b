namespace Streaming.Core.Churn;

/// <summary>
/// When alerts may go out: the shop's days, its quiet hours, the hour at which a day's budget is spent, and a shard's share of it (docs/alerts.md). A function of its arguments alone; what was decided by it is in
/// the log, so that other rules of a zone, or another zone, change nothing that was.
/// </summary>
/// <param name="options">Settings.</param>
/// <param name="zone">Zone of the shop's clock.</param>
public sealed class AlertCalendar(ChurnOptions options, TimeZoneInfo zone)
{
    private const long DayMs = 86_400_000;
    private static readonly DateTime Epoch = DateTime.UnixEpoch;

    // Event times are a producer's word; beyond these a date cannot be told, or its neighbours cannot.
    private const long FirstMs = -62_135_596_800_000 + (400 * DayMs), LastMs = 253_402_300_799_999 - (400 * DayMs);

    /// <summary>True where alerts are numbered by day.</summary>
    public bool HasBudget => options.BudgetPerDay > 0;

    /// <summary>Number of the local day that holds a time, from 1970-01-01.</summary>
    public long DayOf(long timeMs) => Local(timeMs).Ticks / TimeSpan.TicksPerDay - (Epoch.Ticks / TimeSpan.TicksPerDay);

    /// <summary>True where nobody is to be disturbed at a time.</summary>
    public bool IsQuiet(long timeMs) => options.IsQuietHour(Local(timeMs).Hour);

    /// <summary>End of the quiet hours that hold a time, ms.</summary>
    public long QuietEndMs(long timeMs)
    {
        var local = Local(timeMs);
        var isTomorrow = options.QuietFrom > options.QuietTo && local.Hour >= options.QuietFrom;
        return At(DayOf(timeMs) + (isTomorrow ? 1 : 0), options.QuietTo);
    }

    /// <summary>When the budget of a local day is spent, ms.</summary>
    public long BudgetTimeMs(long day) => At(day, options.BudgetHour);

    /// <summary>A shard's part of a day's budget: all parts make up the budget, and what does not divide goes to other shards each day.</summary>
    public int ShareOf(long day, int partition, int partitions)
    {
        var (whole, rest) = Math.DivRem(options.BudgetPerDay, partitions);
        var turn = (int)((((day % partitions) + partitions) % partitions) + partition) % partitions;
        return whole + (turn < rest ? 1 : 0);
    }

    // The first time at which the local clock of that day shows the hour or, where it skips it, a later one.
    private long At(long day, int hour)
    {
        var local = Epoch.AddDays(day).AddHours(hour);
        var offset = zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified));
        if (zone.IsAmbiguousTime(DateTime.SpecifyKind(local, DateTimeKind.Unspecified))) offset = zone.GetAmbiguousTimeOffsets(DateTime.SpecifyKind(local, DateTimeKind.Unspecified)).Max();
        return (local - Epoch - offset).Ticks / TimeSpan.TicksPerMillisecond;
    }

    private DateTime Local(long timeMs) => TimeZoneInfo.ConvertTimeFromUtc(Epoch.AddMilliseconds(Math.Clamp(timeMs, FirstMs, LastMs)), zone);
}
