using System.Text.Json;
using Streaming.Core.Events;

namespace Streaming.Core.Tests.Shard;

[Collection("slow store")]
public sealed class StoreOutageTests
{
    private const long Start = 1_700_000_000_000;

    [Fact]
    public async Task Store_away_progress_goes_on_unreadable_users_are_parked_and_nothing_is_lost()
    {
        var calm = new ShardHarness();
        Before(calm.Kafka);
        During(calm.Kafka);
        After(calm.Kafka);
        await using (var shard = await calm.OpenAsync()) await calm.RunToEndAsync(shard);

        var store = new FlakyStore();
        var h = new ShardHarness(store: store);
        await LiveOnceAsync(h);
        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(TestContext.Current.CancellationToken);
        store.IsAway = true;
        During(h.Kafka);
        await h.RunToEndAsync(second, takeOver: false, maxBatches: 20);
        Assert.True(second.Status.ParkedUsers > 0, "nobody was parked");
        Assert.Equal(second.Status.Committed.Events, h.Kafka.CommittedOffsets(0).Events);
        Assert.True(second.Status.Durable.Events < second.Status.Committed.Events);

        store.IsAway = false;
        After(h.Kafka);
        h.Time.Advance(TimeSpan.FromMinutes(1));
        await h.RunToEndAsync(second, takeOver: false);
        Assert.Equal(0, second.Status.ParkedUsers);
        await second.HandOffAsync(TestContext.Current.CancellationToken);
        Assert.Equal(await calm.StateHashAsync(), await h.StateHashAsync());
        Assert.Equal(Ids(calm), Ids(h));
    }

    [Fact]
    public async Task Store_slow_one_batch_waits_then_users_in_memory_are_served_without_a_wait_and_nothing_is_lost()
    {
        var calm = new ShardHarness();
        Before(calm.Kafka);
        Event(calm.Kafka, "b40", "u0", "i1", Start + 41_000);
        During(calm.Kafka);
        After(calm.Kafka);
        await using (var shard = await calm.OpenAsync()) await calm.RunToEndAsync(shard);

        var store = new FlakyStore();
        var h = new ShardHarness(store: store);
        h.Options = h.Options with { MaxBatchRecords = 8 };
        await LiveOnceAsync(h);
        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(TestContext.Current.CancellationToken);
        Event(h.Kafka, "b40", "u0", "i1", Start + 41_000);
        await h.RunToEndAsync(second, takeOver: false);
        using var late = new Counted("streaming_store_late_answers_total");
        var answers = new TaskCompletionSource();
        store.Rows = store.Dues = store.Tables = answers.Task;
        During(h.Kafka);
        var batch = await second.IngestAsync(TestContext.Current.CancellationToken);
        var work = second.WorkAsync(batch, TestContext.Current.CancellationToken).AsTask();
        Assert.False(work.IsCompleted);
        h.Time.Advance(h.Options.LoadBudget);
        await work.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await second.CommitAsync(batch, TestContext.Current.CancellationToken);

        // The shard's clock stands from here on: whoever waited for the store would wait for ever.
        for (var i = 0; i < 2; i++)
        {
            batch = await second.IngestAsync(TestContext.Current.CancellationToken);
            await second.WorkAsync(batch, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await second.CommitAsync(batch, TestContext.Current.CancellationToken);
        }

        Assert.Equal(7, second.Status.ParkedUsers);
        Assert.Equal(h.Kafka.End("events", 0), h.Kafka.CommittedOffsets(0).Events);
        Assert.Equal(1, late.Value);
        Assert.True(await UntrustedRows.IsDegradedAsync(h, second, UserKey.User("u5")));
        Assert.False(await UntrustedRows.IsDegradedAsync(h, second, UserKey.User("u0")));

        answers.SetResult();
        After(h.Kafka);
        await h.RunUntilAsync(second, () => second.Status.ParkedUsers == 0 && !second.Status.DefersDues);
        Assert.False(await UntrustedRows.IsDegradedAsync(h, second, UserKey.User("u5")));
        await second.HandOffAsync(TestContext.Current.CancellationToken);
        Assert.Equal(await calm.StateHashAsync(), await h.StateHashAsync());
        Assert.Equal(Ids(calm), Ids(h));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Crash_while_users_are_parked_still_owes_and_pays_their_outputs(bool isHandedOnAtOnce)
    {
        var calm = new ShardHarness();
        Before(calm.Kafka);
        During(calm.Kafka);
        After(calm.Kafka);
        await using (var shard = await calm.OpenAsync()) await calm.RunToEndAsync(shard);

        var store = new FlakyStore();
        var h = new ShardHarness(store: store);
        await LiveOnceAsync(h);
        var second = await h.OpenAsync();
        await second.TakeOverAsync(TestContext.Current.CancellationToken);
        store.IsAway = true;
        During(h.Kafka);
        await h.RunToEndAsync(second, takeOver: false, maxBatches: 20);
        Assert.True(second.Status.ParkedUsers > 0, "nobody was parked");

        store.IsAway = false;
        if (isHandedOnAtOnce)
        {
            await using var between = await h.OpenAsync();
            await between.TakeOverAsync(TestContext.Current.CancellationToken);
            await between.HandOffAsync(TestContext.Current.CancellationToken);
        }

        After(h.Kafka);
        await using var third = await h.OpenAsync();
        await h.RunToEndAsync(third);
        await third.HandOffAsync(TestContext.Current.CancellationToken);
        Assert.Equal(await calm.StateHashAsync(), await h.StateHashAsync());
        Assert.Equal(Ids(calm), Ids(h));
        await second.DisposeAsync();
    }

    // An owner before, whose rows are all durable: the next one finds nobody in memory.
    private static async Task LiveOnceAsync(ShardHarness h)
    {
        Before(h.Kafka);
        await using var first = await h.OpenAsync();
        await h.RunToEndAsync(first);
        await first.HandOffAsync(TestContext.Current.CancellationToken);
    }

    private static void Before(FakeKafka kafka)
    {
        for (var i = 0; i < 40; i++) Event(kafka, $"b{i}", "u" + (i % 8), "i" + (i % 5), Start + (i * 1000));
    }

    // The sessions of before end during the outage, those of the outage end after it.
    private static void During(FakeKafka kafka)
    {
        for (var i = 0; i < 24; i++) Event(kafka, $"d{i}", "u" + (i % 8), "i" + (i % 5), Start + 3_600_000 + (i * 1000));
    }

    private static void After(FakeKafka kafka)
    {
        for (var i = 0; i < 10; i++) Event(kafka, $"a{i}", "u" + (i % 3), "i" + (i % 5), Start + 9_000_000 + (i * 1000));
    }

    private static void Event(FakeKafka kafka, string id, string user, string item, long atMs) =>
        kafka.Append("events", user, $$"""{"eventId":"{{id}}","type":"view","userId":"{{user}}","itemId":"{{item}}","occurredAt":{{atMs}}}""");

    private static List<string?> Ids(ShardHarness h) =>
        [.. h.Kafka.CommittedAll("sessions").Select(r => JsonDocument.Parse(r).RootElement.GetProperty("sessionId").GetString()).Order(StringComparer.Ordinal)];
}
