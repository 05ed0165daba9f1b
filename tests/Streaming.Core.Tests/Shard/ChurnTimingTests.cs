using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>Twenty customers buy, stay away for 300 days while one visitor comes every day, and buy again: each silence is an alert, wherever batches end.</summary>
public sealed class ChurnTimingTests
{
    private const long DayMs = 86_400_000;
    private const int Customers = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(4000)]
    public async Task Silence_that_begins_and_ends_within_a_batch_is_an_alert(int batchRecords)
    {
        var (alerts, state, records) = await RunAsync(batchRecords);
        Assert.Equal(Customers, alerts.Count);
        var expected = await RunAsync(3);
        Assert.Equal(expected.Alerts.Order(), alerts.Order());
        Assert.Equal(expected.State, state);
        if (batchRecords == 4000) Assert.True(records <= 2, $"{records} batches: the silences did not lie within one");
    }

    [Fact]
    public async Task Replay_after_a_loss_of_every_row_knows_the_alerts_sent()
    {
        var h = Harness(4000);
        Fill(h);
        await using (var shard = await h.OpenAsync()) await h.RunToEndAsync(shard);
        var empty = h.WithEmptyStore();
        await using (var shard = await empty.OpenAsync()) await empty.RunToEndAsync(shard);
        Assert.Equal(await h.StateHashAsync(), await empty.StateHashAsync());
        Assert.Equal(Customers, h.Kafka.CommittedAll("churn-alerts").Count());
    }

    /// <summary>Purchases of before the first start are history, whose alerts nobody wants; what counts is the broker's clock, not that of a node which may be wrong.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(48)]
    public async Task Node_whose_clock_is_ahead_at_the_first_start_keeps_no_alert_back(int hoursAhead)
    {
        var h = Harness(50);
        h.Time.Advance(TimeSpan.FromHours(hoursAhead));
        h.Kafka.Append("events", "visitor", ShopTraffic.Event("v", "view", "visitor", "i1", h.Kafka.NowMs));
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        for (var c = 0; c < Customers; c++)
        {
            h.Kafka.NowMs += 60_000;
            h.Kafka.Append("events", $"u{c}", ShopTraffic.Event($"only{c}", "purchase", $"u{c}", "i2", h.Kafka.NowMs, ",\"quantity\":1,\"unitPrice\":9.5,\"currency\":\"EUR\""));
        }

        for (var day = 0; day < 300; day++)
        {
            await h.RunToEndAsync(shard, takeOver: false);
            h.Kafka.NowMs += DayMs;
            h.Time.Advance(h.Options.TickInterval + TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(Customers, h.Kafka.CommittedAll("churn-alerts").Count());
    }

    /// <summary>Two owners' flushes may have one write time: did they place the check in two buckets, the removal of one would meet the row of the other.</summary>
    [Fact]
    public async Task A_late_purchase_moves_the_check_alike_for_who_stayed_and_who_was_read_again()
    {
        var (stayed, read) = (await DueAsync(handsOff: false), await DueAsync(handsOff: true));
        Assert.True(stayed > 0);
        Assert.Equal(read, stayed);

        static async Task<long> DueAsync(bool handsOff)
        {
            var h = Harness(50);
            var shard = await h.OpenAsync();
            Purchase(h, 1, "second", ShopTraffic.Start + (20 * DayMs));
            await h.RunToEndAsync(shard);
            if (handsOff)
            {
                await shard.HandOffAsync(TestContext.Current.CancellationToken);
                await shard.DisposeAsync();
                shard = await h.OpenAsync();
            }

            Purchase(h, 1, "first", ShopTraffic.Start);
            await h.RunToEndAsync(shard, takeOver: handsOff);
            await shard.DisposeAsync();
            return (await h.StoredAsync(UserKey.User("u1")))!.IndexedChurnDueMs;
        }
    }

    [Fact]
    public async Task Silence_of_the_whole_shop_ends_sessions_and_alerts_by_ticks_alone()
    {
        var h = Harness(50);
        for (var customer = 0; customer < Customers; customer++) Purchase(h, customer, "only", h.Kafka.NowMs += 1000);
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        Assert.Empty(h.Kafka.CommittedAll("sessions"));
        Assert.Empty(h.Kafka.CommittedAll("churn-alerts"));

        // The broker's clock is all that goes on.
        for (var day = 0; day < 300; day++)
        {
            h.Kafka.NowMs += DayMs;
            h.Time.Advance(h.Options.TickInterval + TimeSpan.FromMilliseconds(1));
            await h.RunToEndAsync(shard, takeOver: false);
            if (day == 2) Assert.Equal(Customers, h.Kafka.CommittedAll("sessions").Count());
        }

        var alerted = h.Kafka.CommittedAll("churn-alerts").Select(a => JsonSerializer.Deserialize(a, ContractsJson.Default.ChurnAlert)!.UserId).ToList();
        Assert.Equal(Enumerable.Range(0, Customers).Select(i => $"u{i}").Order(StringComparer.Ordinal), alerted.Order(StringComparer.Ordinal));
    }

    private static async Task<(IReadOnlyList<string> Alerts, string State, int Records)> RunAsync(int batchRecords)
    {
        var h = Harness(batchRecords);
        Fill(h);
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        var alerts = h.Kafka.CommittedAll("churn-alerts").Select(a => JsonSerializer.Deserialize(a, ContractsJson.Default.ChurnAlert)!).Select(a => $"{a.AlertId} {a.UserId} {a.Episode} {a.Risk:R}").ToList();
        var batches = h.Kafka.Batches().Count(b => b.EventsTo > b.EventsFrom);
        return (alerts, await h.StateHashAsync(), batches);
    }

    private static ShardHarness Harness(int batchRecords) =>
        new() { Options = new ShardOptions { FlushInterval = TimeSpan.FromMilliseconds(10), MaxBatchRecords = batchRecords, ListLength = 3, PollWait = TimeSpan.FromMilliseconds(1) } };

    private static void Fill(ShardHarness h)
    {
        var startMs = h.Kafka.NowMs += 1000; // alerts of silences before the engine's first start are not sent
        h.Kafka.NowMs += 301 * DayMs;
        for (var user = 0; user < Customers; user++) Purchase(h, user, "first", startMs);
        for (var day = 1; day < 300; day++) h.Kafka.Append("events", "visitor", ShopTraffic.Event($"v{day}", "view", "visitor", "i1", startMs + (day * DayMs)));
        for (var user = 0; user < Customers; user++) Purchase(h, user, "second", startMs + (300 * DayMs));
    }

    private static void Purchase(ShardHarness h, int user, string id, long atMs) =>
        h.Kafka.Append("events", $"u{user}", ShopTraffic.Event($"{id}{user}", "purchase", $"u{user}", "i2", atMs, ",\"quantity\":1,\"unitPrice\":9.5,\"currency\":\"EUR\""));
}
