using Streaming.Core.Churn;
using Streaming.Host.Audit.Reference;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>Two calendars written apart say the same, among clocks that are put forward and back.</summary>
public sealed class RefCalendarTests
{
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Havana", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"];

    [Fact]
    public void Calendar_of_the_audit_is_that_of_the_engine()
    {
        var random = new Random(1);
        for (var n = 0; n < 4000; n++)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(Zones[random.Next(Zones.Length)]);
            var partitions = random.Next(1, 9);
            var options = new ChurnOptions { QuietFrom = random.Next(24), QuietTo = random.Next(24), BudgetPerDay = random.Next(30), BudgetHour = random.Next(24) };
            var engine = new AlertCalendar(options, zone);
            var audit = new RefCalendar(zone, options.QuietFrom, options.QuietTo, options.BudgetPerDay, options.BudgetHour, random.Next(partitions), partitions);
            var at = Time(random, zone);
            var day = engine.DayOf(at);
            var place = $"{n}: {zone.Id} {options.QuietFrom}-{options.QuietTo}, budget at {options.BudgetHour}, {DateTimeOffset.FromUnixTimeMilliseconds(at):o}";
            Assert.True(day == audit.DayOf(at), place);
            Assert.True(engine.IsQuiet(at) == audit.IsQuiet(at), place);
            if (engine.IsQuiet(at)) Assert.True(engine.QuietEndMs(at) == audit.QuietEnd(at), place);
            Assert.True(engine.BudgetTimeMs(day) == audit.Opens(day), place);
            Assert.Equal(engine.ShareOf(day, audit.Partition, partitions), audit.Share(day));
        }
    }

    // Every other time lies within two days of a change of the zone's offset.
    private static long Time(Random random, TimeZoneInfo zone)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(1_600_000_000_000, 2_000_000_000_000));
        if (random.Next(2) == 0)
        {
            for (var hours = 0; hours < 9000 && zone.GetUtcOffset(at) == zone.GetUtcOffset(at.AddHours(1)); hours++) at = at.AddHours(1);
            at = at.AddMinutes(random.Next(-2880, 2880));
        }

        return at.ToUnixTimeMilliseconds();
    }
}
