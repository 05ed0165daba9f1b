using System.Globalization;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Events;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>
/// Ten customers buy at 08:00 UTC for 10 to 19 euros, and stay away; a visitor comes every hour. The risk is high enough after 16 days. When alerts go out, and to whom first.
/// </summary>
public sealed class HeldAlertTests
{
    private const long DayMs = 86_400_000, HourMs = 3_600_000;
    private const int Customers = 10;
    private static readonly ChurnOptions Sixteen = new() { Enter = 0.6, Bias = -1, Recency = 0.5, Frequency = 0, Age = 0, GapRatio = 0, NoRepeat = 0 };
    private static readonly ChurnOptions Three = Sixteen with { BudgetPerDay = 3 };

    // 2027-01-15 08:00:01 UTC.
    private const long BoughtMs = 1_800_000_001_000;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(4000)]
    public async Task Budget_goes_to_those_with_most_to_lose_and_who_waits_is_looked_at_the_next_day(int batchRecords)
    {
        var h = Harness(Three, batchRecords);
        Fill(h);
        await using (var shard = await h.OpenAsync()) await h.RunToEndAsync(shard);
        // Bought at 08:00, due on day 16 at 08:00, decided at 09:00.
        Assert.Equal(["u9@16d1h", "u8@16d1h", "u7@16d1h", "u6@17d1h", "u5@17d1h", "u4@17d1h", "u3@18d1h", "u2@18d1h", "u1@18d1h", "u0@19d1h"], Sent(h));
        await AssertReplayIsTheSameAsync(h);
    }

    [Theory]
    [InlineData(true, 9, "1h")]
    [InlineData(false, 9, "1h")]
    // Bought at 08:00: whoever planned a check anew from the time of the restart would come an hour late for this budget, and be looked at a day late.
    [InlineData(true, 7, "23h")]
    [InlineData(false, 7, "23h")]
    public async Task Who_waits_is_not_forgotten_by_a_shard_that_begins_anew(bool isDurable, int budgetHour, string at)
    {
        var h = Harness(Three with { BudgetHour = budgetHour }, 20);
        h.Options = h.Options with { MaxResidentUsers = 2, MaxCompactBytes = 0, FlushInterval = isDurable ? TimeSpan.FromMilliseconds(10) : TimeSpan.FromDays(1) };
        Purchases(h);
        for (var hour = 1; hour < 24 * 22; hour++)
        {
            Visit(h, hour);
            if (hour % 5 != 0) continue;
            await using var shard = await h.OpenAsync();
            if (isDurable) await h.RunToEndAsync(shard);
            else await DrainAsync(h, shard);
            if (isDurable && hour % 10 == 0) await shard.HandOffAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal([.. ((string[])["u9@16d", "u8@16d", "u7@16d", "u6@17d", "u5@17d", "u4@17d", "u3@18d", "u2@18d", "u1@18d", "u0@19d"]).Select(day => day + at)], Sent(h));
        Assert.Equal(3, h.Kafka.Batches().Max(b => b.Facts?.Count(f => f.Type == FactTypes.Alert) ?? 0));
    }

    [Fact]
    public async Task An_event_of_who_waits_does_not_move_the_look_at_them()
    {
        // Bought at 08:00 and due from then on: at 07:00 of the day after. One is left over for another day.
        var h = Harness(Three with { BudgetPerDay = 9, BudgetHour = 7 }, 1);
        h.Options = h.Options with { MaxResidentUsers = 1, MaxCompactBytes = 0 };
        Purchases(h);
        for (var hour = 1; hour < 24 * 20; hour++)
        {
            Visit(h, hour);
            // At noon: whoever planned anew from here, for the next whole day of silence, would come an hour late for the next budget.
            if (hour == (24 * 17) + 4) h.Kafka.Append("events", "u0", ShopTraffic.Event("came", "view", "u0", "i1", BoughtMs + (hour * HourMs)));
        }

        await using (var shard = await h.OpenAsync()) await h.RunToEndAsync(shard);
        Assert.Equal("u1@16d23h", Sent(h)[8]);
        Assert.Equal("u0@17d23h", Sent(h)[9]);
        await AssertReplayIsTheSameAsync(h);
    }

    [Fact]
    public async Task Hold_outs_are_paid_for_like_the_others()
    {
        var h = Harness(Three with { HoldOut = 1 }, 50);
        Fill(h);
        await using (var shard = await h.OpenAsync()) await h.RunToEndAsync(shard);
        Assert.Equal(["u9@16d1h", "u8@16d1h", "u7@16d1h"], Sent(h)[..3]);
        Assert.All(Alerts(h), a => Assert.False(a.Treatment));
    }

    [Fact]
    public async Task Alerts_that_reach_nobody_cost_nothing_and_wait_for_nothing()
    {
        var h = Harness(Three with { QuietFrom = 20, QuietTo = 9, CoolDownDays = 30 }, 50);
        Purchases(h);
        foreach (var user in (string[])["u9", "u8"])
            h.Kafka.Append("events", user, ShopTraffic.Event($"c{user}", "consent", user, null, BoughtMs + 1000, ",\"consent\":{\"market\":false}"));
        for (var hour = 1; hour < 24 * 22; hour++) Visit(h, hour);
        await using (var shard = await h.OpenAsync()) await h.RunToEndAsync(shard);
        Assert.Equal(["u7@16d1h", "u6@16d1h", "u5@16d1h"], Sent(h)[..3]);
        Assert.DoesNotContain(Alerts(h), a => a.UserId is "u9" or "u8");
        var facts = h.Kafka.Batches().SelectMany(b => b.Facts ?? []).Where(f => f.Type == FactTypes.Alert).ToList();
        Assert.Equal([("u:u8", null, null), ("u:u9", null, null)], facts.Take(2).Select(f => (f.User, f.Value, f.TimeMs)));
        Assert.All(facts.Skip(2), f => Assert.Equal(f.TimeMs / DayMs, long.Parse(f.Value!, CultureInfo.InvariantCulture)));
        await AssertReplayIsTheSameAsync(h);
    }

    [Theory]
    [InlineData("UTC", 6, 9, "16d1h")] // due at 08:00:01, which is quiet until 09:00
    [InlineData("UTC", 8, 7, "16d23h")]
    [InlineData("Asia/Kolkata", 13, 15, "16d2h")] // 13:30 there; ends at 09:30 UTC, and the visitor comes at 10:00
    [InlineData("America/New_York", 9, 17, "16d0h")] // 03:00 there
    public async Task Alert_that_is_due_in_quiet_hours_waits_for_their_end(string zone, int from, int to, string at)
    {
        var h = Harness(Sixteen with { QuietFrom = from, QuietTo = to, TimeZone = zone }, 50);
        h.ChurnZone = TimeZoneInfo.FindSystemTimeZoneById(zone);
        Fill(h);
        using var held = new Counted("streaming_churn_alerts_held_total");
        await using (var shard = await h.OpenAsync()) await h.RunToEndAsync(shard);
        Assert.Equal(Enumerable.Range(0, Customers).Select(c => $"u{c}@{at}"), Sent(h).Order(StringComparer.Ordinal));
        Assert.Equal(at == "16d0h" ? 0 : Customers, held.Value);
        await AssertReplayIsTheSameAsync(h);
    }

    [Fact]
    public async Task Second_alert_of_a_user_waits_for_the_cool_down_over_episodes()
    {
        var h = Harness(Sixteen with { CoolDownDays = 40 }, 50);
        Purchase(h, 0, 0);
        for (var hour = 1; hour < 24 * 20; hour++) Visit(h, hour);
        Purchase(h, 0, 20 * 24);
        for (var hour = 1; hour < 24 * 60; hour++) Visit(h, (20 * 24) + hour);
        await using (var shard = await h.OpenAsync()) await h.RunToEndAsync(shard);
        Assert.Equal(["u0@16d0h", "u0@56d0h"], Sent(h)); // 36 days without the cool-down
        Assert.Equal(BoughtMs + (56 * DayMs), (await h.StoredAsync(UserKey.User("u0")))!.AlertedAtMs);
        await AssertReplayIsTheSameAsync(h);
    }

    [Fact]
    public async Task A_budget_larger_than_a_batch_takes_is_spent_over_batches_on_the_same_users()
    {
        const int Users = 4_500, Budget = 3_000;
        var h = Harness(Sixteen with { BudgetPerDay = Budget }, 4000);
        for (var user = 0; user < Users; user++)
            h.Kafka.Append("events", $"u{user}", ShopTraffic.Event($"p{user}", "purchase", $"u{user}", "i2", BoughtMs, $",\"quantity\":1,\"unitPrice\":{1000 + user},\"currency\":\"EUR\""));
        h.Kafka.NowMs = BoughtMs + (40 * DayMs);
        h.Kafka.Append("events", "visitor", ShopTraffic.Event("v", "view", "visitor", "i1", BoughtMs + (17 * DayMs) + HourMs));
        await using (var shard = await h.OpenAsync())
        {
            await h.RunToEndAsync(shard);
            await h.RunToEndAsync(shard, takeOver: false);
        }

        Assert.Equal(Enumerable.Range(Users - Budget, Budget).Select(u => $"u{u}").Order(StringComparer.Ordinal), Alerts(h).Select(a => a.UserId).Order(StringComparer.Ordinal));
        Assert.Equal(ChurnStage.MaxAlerts, h.Kafka.Batches().Max(b => b.Facts?.Count(f => f.Type == FactTypes.Alert) ?? 0));
    }

    [Fact]
    public async Task Shards_share_a_budget()
    {
        var h = new ShardHarness(partitions: 2) { Options = Harness(Three, 50).Options, Churn = Three };
        Fill(h);
        for (var p = 0; p < 2; p++)
        {
            await using var shard = await h.OpenAsync(p);
            await h.RunToEndAsync(shard);
        }

        // The visitor who brings the time is in one partition alone; the other has none.
        var parts = Enumerable.Range(0, 2).Select(p => Days(h, p)).OrderByDescending(d => d.Count).ToArray();
        Assert.Empty(parts[1]);
        var day = parts[0][0].Day;
        Assert.Equal(day % 2 == parts[0][0].Partition % 2 ? 2 : 1, parts[0][0].Alerts);
        Assert.Equal(3, parts[0][0].Alerts + parts[0][1].Alerts);
    }

    private static List<(long Day, int Partition, int Alerts)> Days(ShardHarness h, int partition) =>
        [.. h.Kafka.Batches(partition).SelectMany(b => b.Facts ?? []).Where(f => f.Type == FactTypes.Alert).GroupBy(f => long.Parse(f.Value!, CultureInfo.InvariantCulture)).Select(g => (g.Key, partition, g.Count()))];

    // Reads everything without a flush: what a shard planned is lost with it.
    private static async Task DrainAsync(ShardHarness h, UserShard shard)
    {
        await shard.TakeOverAsync(TestContext.Current.CancellationToken);
        while (true)
        {
            var batch = await shard.IngestAsync(TestContext.Current.CancellationToken);
            var isEnd = batch.Events.AtEnd && batch.Events.Count == 0;
            await shard.WorkAsync(batch, TestContext.Current.CancellationToken);
            await shard.CommitAsync(batch, TestContext.Current.CancellationToken);
            if (isEnd) return;
        }
    }

    private static async Task AssertReplayIsTheSameAsync(ShardHarness h)
    {
        var empty = h.WithEmptyStore();
        await using (var shard = await empty.OpenAsync()) await empty.RunToEndAsync(shard);
        Assert.Equal(await h.StateHashAsync(), await empty.StateHashAsync());
        Assert.Equal(await BudgetAsync(h), await BudgetAsync(empty));
    }

    private static async Task<(long Day, int Spent)> BudgetAsync(ShardHarness h)
    {
        await using var store = await h.Store.OpenShardAsync(0, TestContext.Current.CancellationToken);
        var row = ShardRowCodec.Decode((await store.ReadShardAsync(TestContext.Current.CancellationToken)).Blob!);
        return (row.BudgetDay, row.BudgetSpent);
    }

    private static List<ChurnAlert> Alerts(ShardHarness h) => [.. h.Kafka.CommittedAll("churn-alerts").Select(a => JsonSerializer.Deserialize(a, ContractsJson.Default.ChurnAlert)!)];

    private static List<string> Sent(ShardHarness h) =>
        [.. Alerts(h).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.UserId}@{(a.OccurredAt - BoughtMs) / DayMs}d{(a.OccurredAt - BoughtMs) % DayMs / HourMs}h"))];

    private static ShardHarness Harness(ChurnOptions churn, int batchRecords) => new()
    {
        Options = new ShardOptions { FlushInterval = TimeSpan.FromMilliseconds(10), MaxBatchRecords = batchRecords, ListLength = 1, PollWait = TimeSpan.FromMilliseconds(1) },
        Churn = churn,
    };

    private static void Fill(ShardHarness h)
    {
        Purchases(h);
        for (var hour = 1; hour < 24 * 22; hour++) Visit(h, hour);
    }

    private static void Purchases(ShardHarness h)
    {
        h.Kafka.NowMs = BoughtMs + (100 * DayMs);
        for (var c = 0; c < Customers; c++) Purchase(h, c, 0);
    }

    private static void Purchase(ShardHarness h, int customer, int hour)
    {
        h.Kafka.NowMs = BoughtMs + (100 * DayMs);
        h.Kafka.Append("events", $"u{customer}", ShopTraffic.Event($"p{customer}-{hour}", "purchase", $"u{customer}", "i2", BoughtMs + (hour * HourMs), $",\"quantity\":1,\"unitPrice\":{10 + customer},\"currency\":\"EUR\""));
    }

    private static void Visit(ShardHarness h, int hour) => h.Kafka.Append("events", "visitor", ShopTraffic.Event($"v{hour}", "view", "visitor", "i1", BoughtMs + (hour * HourMs)));
}
