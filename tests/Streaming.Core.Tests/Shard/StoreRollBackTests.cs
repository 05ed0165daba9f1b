namespace Streaming.Core.Tests.Shard;

public sealed class StoreRollBackTests
{
    private const long Start = 1_700_000_000_000;

    [Fact]
    public async Task Store_rolled_back_under_a_running_shard_is_noticed_and_rows_of_users_who_never_return_are_built_anew()
    {
        var calm = new ShardHarness();
        View(calm.Kafka, "before", 0, 40, users: 8);
        View(calm.Kafka, "gone", 3_600, 24, users: 8);
        View(calm.Kafka, "after", 9_000, 10, users: 2);
        await using (var undisturbed = await calm.OpenAsync())
        {
            await calm.RunToEndAsync(undisturbed);
            await undisturbed.HandOffAsync(TestContext.Current.CancellationToken);
        }

        var store = new RewoundStore();
        var h = new ShardHarness(store: store);
        View(h.Kafka, "before", 0, 40, users: 8);
        await using var shard = await h.OpenAsync();
        Assert.Equal(0, await h.RunToEndAsync(shard));
        await h.RunUntilAsync(shard, () => shard.Status.Durable == shard.Status.Committed);
        store.Keep();
        View(h.Kafka, "gone", 3_600, 24, users: 8);
        await h.RunToEndAsync(shard, takeOver: false);
        await h.RunUntilAsync(shard, () => shard.Status.Durable == shard.Status.Committed);

        store.GoBack();
        // Two of the eight come back: the rows of the six others are only in the log.
        View(h.Kafka, "after", 9_000, 10, users: 2);
        await h.RunToEndAsync(shard, takeOver: false);
        await h.RunUntilAsync(shard, () => shard.Status.Durable == shard.Status.Committed);
        await shard.HandOffAsync(TestContext.Current.CancellationToken);

        Assert.Equal(await calm.StateHashAsync(), await h.StateHashAsync());
    }

    private static void View(FakeKafka kafka, string name, int afterSeconds, int count, int users)
    {
        for (var i = 0; i < count; i++)
        {
            kafka.Append("events", $"u{i % users}",
                $$"""{"eventId":"{{name}}{{i}}","type":"view","userId":"u{{i % users}}","itemId":"i{{i % 5}}","occurredAt":{{Start + ((afterSeconds + i) * 1000L)}}}""");
        }
    }
}
