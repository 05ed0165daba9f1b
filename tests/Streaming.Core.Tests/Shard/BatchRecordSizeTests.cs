using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>What many users need at once is spread over batches: the record of each must stay one that a broker takes, or the shard would stand for good.</summary>
[Collection("slow store")]
public sealed class BatchRecordSizeTests
{
    private const long DayMs = 86_400_000;
    private const int Users = 4_500;

    [Fact]
    public async Task Alerts_that_fall_due_at_once_are_spread_over_batches_and_each_comes_once()
    {
        var h = Harness();
        var startMs = h.Kafka.NowMs += 1000;
        h.Kafka.NowMs += 301 * DayMs;
        for (var user = 0; user < Users; user++)
            h.Kafka.Append("events", Name(user), ShopTraffic.Event($"p{user}", "purchase", Name(user), "i2", startMs, ",\"quantity\":1,\"unitPrice\":9.5,\"currency\":\"EUR\""));
        h.Kafka.Append("events", "visitor", ShopTraffic.Event("v", "view", "visitor", "i1", startMs + (300 * DayMs)));
        await using (var shard = await h.OpenAsync())
        {
            await h.RunToEndAsync(shard);
            await h.RunToEndAsync(shard, takeOver: false); // a batch each that no event brings
            await h.RunToEndAsync(shard, takeOver: false);
        }

        var alerted = h.Kafka.CommittedAll("churn-alerts").Select(a => JsonSerializer.Deserialize(a, ContractsJson.Default.ChurnAlert)!.UserId).ToList();
        Assert.Equal(Enumerable.Range(0, Users).Select(Name).Order(StringComparer.Ordinal), alerted.Order(StringComparer.Ordinal));
        var perBatch = Facts(h, FactTypes.Alert);
        Assert.Equal(ChurnStage.MaxAlerts, perBatch.Max());
        Assert.Equal(Users, perBatch.Sum());

        var empty = h.WithEmptyStore();
        await using (var shard = await empty.OpenAsync()) await empty.RunToEndAsync(shard);
        Assert.Equal(await h.StateHashAsync(), await empty.StateHashAsync());
    }

    [Fact]
    public async Task Users_that_a_store_gives_back_at_once_are_brought_back_over_batches_without_a_wait_between()
    {
        var calm = Harness();
        Visits(calm, "before", 0);
        Visits(calm, "during", 1);
        await using (var shard = await calm.OpenAsync()) await calm.RunToEndAsync(shard);

        var store = new FlakyStore();
        var h = Harness(store);
        Visits(h, "before", 0);
        await using (var first = await h.OpenAsync())
        {
            await h.RunToEndAsync(first);
            await first.HandOffAsync(TestContext.Current.CancellationToken);
        }

        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(TestContext.Current.CancellationToken);
        store.IsAway = true;
        Visits(h, "during", 1);
        await h.RunToEndAsync(second, takeOver: false);
        Assert.Equal(Users, second.Status.ParkedUsers);

        store.IsAway = false;
        h.Time.Advance(TimeSpan.FromMinutes(1)); // once: the tries after the first wait for nothing
        for (var left = Users; left > 0; left -= Parking.MaxBroughtBack)
        {
            await h.RunToEndAsync(second, takeOver: false);
            Assert.Equal(Math.Max(0, left - Parking.MaxBroughtBack), second.Status.ParkedUsers);
        }

        var perBatch = Facts(h, FactTypes.Unpark);
        Assert.Equal(Parking.MaxBroughtBack, perBatch.Max());
        Assert.Equal(Users, perBatch.Sum());
        await second.HandOffAsync(TestContext.Current.CancellationToken);
        Assert.Equal(await calm.StateHashAsync(), await h.StateHashAsync());
    }

    private static List<int> Facts(ShardHarness h, string type) => [.. h.Kafka.Batches().Select(b => b.Facts?.Count(f => f.Type == type) ?? 0)];

    private static void Visits(ShardHarness h, string id, int day)
    {
        for (var user = 0; user < Users; user++) h.Kafka.Append("events", Name(user), ShopTraffic.Event(id + user, "view", Name(user), "i1", ShopTraffic.Start + (day * 3_600_000) + user));
    }

    private static string Name(int user) => $"u{user}";

    private static ShardHarness Harness(FlakyStore? store = null) =>
        new(store: store) { Options = new ShardOptions { FlushInterval = TimeSpan.FromMilliseconds(10), MaxBatchRecords = 4000, ListLength = 1, PollWait = TimeSpan.FromMilliseconds(1) } };
}
