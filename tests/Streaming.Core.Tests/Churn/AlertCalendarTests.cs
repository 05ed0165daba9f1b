using Streaming.Core.Churn;

namespace Streaming.Core.Tests.Churn;

/// <summary>The shop's days and hours, clocks that are put forward and back among them, and the parts of a budget.</summary>
public sealed class AlertCalendarTests
{
    private static long Utc(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static AlertCalendar Of(ChurnOptions options, string zone) => new(options, TimeZoneInfo.FindSystemTimeZoneById(zone));

    [Theory]
    [InlineData("2026-06-01T20:30:00", false)]
    [InlineData("2026-06-01T20:00:00", false)] // 22:00 in Berlin begins at 20:00 UTC in summer
    [InlineData("2026-06-01T19:59:59", false)]
    [InlineData("2026-12-01T21:00:00", true)]
    [InlineData("2026-12-01T20:59:59", false)]
    [InlineData("2026-12-02T06:59:59", true)]
    [InlineData("2026-12-02T07:00:00", false)]
    public void Quiet_hours_are_those_of_the_shop_s_clock(string at, bool isQuietInWinter)
    {
        var calendar = Of(new ChurnOptions { QuietFrom = 22, QuietTo = 8 }, "Europe/Berlin");
        var isSummer = at.StartsWith("2026-06", StringComparison.Ordinal);
        Assert.Equal(isSummer ? at != "2026-06-01T19:59:59" : isQuietInWinter, calendar.IsQuiet(Utc(at)));
    }

    [Theory]
    [InlineData("Europe/Berlin", 22, 8, "2026-12-01T23:30:00", "2026-12-02T07:00:00")]
    [InlineData("Europe/Berlin", 22, 8, "2026-12-02T03:00:00", "2026-12-02T07:00:00")]
    [InlineData("Europe/Berlin", 22, 8, "2026-03-28T22:00:00", "2026-03-29T06:00:00")] // the clock goes forward in between
    [InlineData("Europe/Berlin", 0, 2, "2026-03-29T00:30:00", "2026-03-29T01:00:00")] // and skips the hour at which it ends
    [InlineData("Europe/Berlin", 1, 3, "2026-10-25T00:30:00", "2026-10-25T02:00:00")] // and goes back within: 02:00 to 03:00 comes twice
    [InlineData("Asia/Kolkata", 12, 14, "2026-05-05T07:00:00", "2026-05-05T08:30:00")]
    [InlineData("UTC", 23, 0, "2026-05-05T23:10:00", "2026-05-06T00:00:00")]
    public void Quiet_hours_end_when_the_shop_s_clock_says_so(string zone, int from, int to, string at, string end)
    {
        var calendar = Of(new ChurnOptions { QuietFrom = from, QuietTo = to }, zone);
        Assert.True(calendar.IsQuiet(Utc(at)));
        Assert.Equal(Utc(end), calendar.QuietEndMs(Utc(at)));
        Assert.False(calendar.IsQuiet(Utc(end)));
    }

    [Fact]
    public void Budget_of_a_day_is_spent_at_its_hour_of_the_local_day()
    {
        var calendar = Of(new ChurnOptions { BudgetPerDay = 5, BudgetHour = 2 }, "Europe/Berlin");
        var day = calendar.DayOf(Utc("2026-03-28T23:30:00"));
        Assert.Equal(Utc("2026-03-29T01:00:00"), calendar.BudgetTimeMs(day)); // 02:00 is skipped: at 03:00, the same moment
        Assert.Equal(day, calendar.DayOf(Utc("2026-03-29T21:59:59")));
        Assert.Equal(day + 1, calendar.DayOf(Utc("2026-03-29T22:00:00")));
        Assert.Equal(Utc("2026-10-25T00:00:00"), calendar.BudgetTimeMs(calendar.DayOf(Utc("2026-10-25T12:00:00")))); // 02:00 comes twice: the first
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(7, 3)]
    [InlineData(100, 12)]
    [InlineData(1_000_000_000, 7)]
    public void Parts_of_a_day_make_up_the_budget_and_nobody_goes_without_for_long(int budget, int partitions)
    {
        var calendar = Of(new ChurnOptions { BudgetPerDay = budget }, "UTC");
        var had = new long[partitions];
        for (var day = -partitions; day < 2 * partitions; day++)
        {
            var parts = Enumerable.Range(0, partitions).Select(p => calendar.ShareOf(day, p, partitions)).ToArray();
            Assert.Equal(budget, parts.Sum(p => (long)p));
            Assert.True(parts.Max() - parts.Min() <= 1);
            for (var p = 0; p < partitions; p++) had[p] += parts[p];
        }

        Assert.All(had, h => Assert.Equal(3L * budget, h));
    }

    [Fact]
    public void A_time_that_no_calendar_has_is_no_error()
    {
        var calendar = Of(new ChurnOptions { BudgetPerDay = 1, QuietFrom = 22, QuietTo = 8 }, "America/St_Johns");
        foreach (var at in (long[])[long.MinValue, long.MaxValue, 0, -1])
        {
            Assert.True(calendar.BudgetTimeMs(calendar.DayOf(at) + 1) != 0);
            if (calendar.IsQuiet(at)) calendar.QuietEndMs(at);
        }
    }
}
