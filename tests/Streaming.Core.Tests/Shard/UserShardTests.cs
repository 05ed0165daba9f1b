using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Events;

namespace Streaming.Core.Tests.Shard;

public sealed class UserShardTests
{
    private const long Start = 1_700_000_000_000;

    private static string Event(string id, string type, string user, string? item, long atMs, string extra = "") =>
        $$"""{"eventId":"{{id}}","type":"{{type}}","userId":"{{user}}"{{(item is null ? "" : $",\"itemId\":\"{item}\"")}},"occurredAt":{{atMs}}{{extra}}}""";

    [Fact]
    public async Task Events_become_profiles_recommendations_and_dead_letters()
    {
        var h = new ShardHarness();
        h.Kafka.Append("events", "u1", Event("a", "view", "u1", "i1", Start));
        h.Kafka.Append("events", "u1", Event("a", "view", "u1", "i1", Start + 1));
        h.Kafka.Append("events", "u1", Event("b", "purchase", "u1", "i2", Start + 2, ",\"quantity\":3,\"unitPrice\":2.50,\"currency\":\"EUR\""));
        h.Kafka.Append("events", "u1", "not json");
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);

        var user = await h.StoredAsync(UserKey.User("u1"));
        Assert.NotNull(user);
        Assert.Equal(2, user.EventCount);
        Assert.Equal(1u, user.Counts[(int)EventType.View]);
        Assert.Equal(75_000, user.Purchases.AmountE4);
        Assert.Equal(2, user.RingCount);
        Assert.True(user.IsRingWhole);
        Assert.Equal(2, user.EpisodePosition);
        Assert.Single(h.Kafka.Committed("dead-letters", 0));
        var recommendation = JsonSerializer.Deserialize(Assert.Single(h.Kafka.Committed("recommendations", 0)), ContractsJson.Default.Recommendation)!;
        Assert.Equal("u1", recommendation.UserId);
        Assert.Equal(2, recommendation.SourceOffset);
        Assert.Equal(4, h.Kafka.CommittedOffsets(0).Events);
    }

    [Fact]
    public async Task Session_of_an_absent_user_closes_when_anothers_event_moves_stream_time()
    {
        var h = new ShardHarness();
        h.Kafka.Append("events", "u1", Event("a", "view", "u1", "i1", Start));
        await using (var first = await h.OpenAsync())
        {
            await h.RunToEndAsync(first);
            await first.HandOffAsync(TestContext.Current.CancellationToken);
        }

        h.Kafka.Append("events", "u2", Event("b", "view", "u2", "i1", Start + 30 * 60_000));
        await using var second = await h.OpenAsync();
        await h.RunToEndAsync(second);
        var session = JsonSerializer.Deserialize(Assert.Single(h.Kafka.Committed("sessions", 0)), ContractsJson.Default.ClosedSession)!;
        Assert.Equal("s-0-0", session.SessionId);
        Assert.Equal(0, (await h.StoredAsync(UserKey.User("u1")))!.Session.EventCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Crashes_at_any_step_lose_and_double_nothing(int seed)
    {
        var calm = new ShardHarness();
        ShopTraffic.Append(calm.Kafka, 300, seed);
        await using (var shard = await calm.OpenAsync()) await calm.RunToEndAsync(shard);

        var stormy = new ShardHarness();
        ShopTraffic.Append(stormy.Kafka, 300, seed);
        var random = new Random(seed * 7919);
        var faults = 0;
        stormy.Kafka.OnStep = step =>
        {
            if (faults >= 60 || random.Next(6) != 0) return;
            faults++;
            throw new IndefiniteOutcomeException(step);
        };
        var shards = new List<Streaming.Core.Shard.UserShard>();
        for (var n = 0; n < 4; n++)
        {
            var shard = await stormy.OpenAsync();
            shards.Add(shard);
            try
            {
                await stormy.RunToEndAsync(shard, maxBatches: n == 3 ? 10_000 : 20);
            }
            catch (InvalidOperationException)
            {
                // the process "died" after 20 batches: whatever was in memory is gone, the next owner takes over
            }
        }

        Assert.True(faults > 0, "the run injected no fault");
        Assert.Equal(await calm.StateHashAsync(), await stormy.StateHashAsync());
        AssertSameOnce(calm, stormy, "sessions", "sessionId");
        AssertSameOnce(calm, stormy, "dead-letters", "deadLetterId");
        AssertSameOnce(calm, stormy, "churn-alerts", "alertId");
        AssertSameOnce(calm, stormy, "links", "linkId");
        var ids = stormy.Kafka.CommittedAll("recommendations").Select(r => JsonDocument.Parse(r).RootElement.GetProperty("recommendationId").GetString()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        foreach (var shard in shards) await shard.DisposeAsync();
    }

    [Fact]
    public async Task Two_owners_the_older_is_fenced_and_writes_nothing()
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 50, 1);
        await using var old = await h.OpenAsync();
        await old.TakeOverAsync(TestContext.Current.CancellationToken);
        var batch = await old.IngestAsync(TestContext.Current.CancellationToken);
        await old.WorkAsync(batch, TestContext.Current.CancellationToken);
        await using var young = await h.OpenAsync();
        await h.RunToEndAsync(young);
        await Assert.ThrowsAsync<FencedException>(() => old.CommitAsync(batch, TestContext.Current.CancellationToken).AsTask());
        var sequences = h.Kafka.Batches(0).Select(b => b.Sequence).ToList();
        Assert.Equal(Enumerable.Range(1, sequences.Count).Select(i => (long)i), sequences);
    }

    [Fact]
    public async Task Owner_that_slept_gives_way_where_the_committed_offset_moved_on()
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 50, 1);
        await using var old = await h.OpenAsync();
        await h.RunToEndAsync(old);
        await using var young = await h.OpenAsync();
        ShopTraffic.Append(h.Kafka, 50, 2);
        await young.TakeOverAsync(TestContext.Current.CancellationToken);
        var batch = await young.IngestAsync(TestContext.Current.CancellationToken);
        await young.WorkAsync(batch, TestContext.Current.CancellationToken);
        await young.CommitAsync(batch, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<FencedException>(async () => await old.TakeOverAsync(TestContext.Current.CancellationToken)); // as after a call without an answer
        await h.RunToEndAsync(young, takeOver: false); // nobody took the partition from it
        Assert.Equal(h.Kafka.CommittedOffsets(0), young.Status.Committed);
    }

    [Fact]
    public async Task Query_wakes_the_read_that_waits_for_events()
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 50, 1);
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        var before = h.Kafka.Wakes;
        var answer = shard.QueryAsync(UserKey.User("u1"), TestContext.Current.CancellationToken);
        Assert.Equal(before + 1, h.Kafka.Wakes);
        Assert.False(answer.IsCompleted);
    }

    // A shard without events commits nothing, and so hears of no fence; its tick is a commit.
    [Fact]
    public async Task Idle_zombie_answers_queries_no_longer_than_until_its_next_tick()
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 50, 1);
        await using var old = await h.OpenAsync();
        await h.RunToEndAsync(old);
        await using var young = await h.OpenAsync();
        await h.RunToEndAsync(young);

        var asked = old.QueryAsync(UserKey.User("u1"), TestContext.Current.CancellationToken);
        await StepAsync(old);
        Assert.NotNull(await asked);
        h.Time.Advance(h.Options.TickInterval);
        var late = old.QueryAsync(UserKey.User("u1"), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<FencedException>(() => StepAsync(old));
        Assert.False(late.IsCompleted, "a zombie answered");

        async Task StepAsync(Core.Shard.UserShard shard)
        {
            var batch = await shard.IngestAsync(TestContext.Current.CancellationToken);
            await shard.WorkAsync(batch, TestContext.Current.CancellationToken);
            await shard.CommitAsync(batch, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Owner_whose_own_commit_had_no_answer_takes_over_again()
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 50, 1);
        await using var shard = await h.OpenAsync();
        await shard.TakeOverAsync(TestContext.Current.CancellationToken);
        var batch = await shard.IngestAsync(TestContext.Current.CancellationToken);
        await shard.WorkAsync(batch, TestContext.Current.CancellationToken);
        h.Kafka.OnStep = step =>
        {
            if (step == "committed") throw new IndefiniteOutcomeException("no answer");
        };
        await Assert.ThrowsAsync<IndefiniteOutcomeException>(async () => await shard.CommitAsync(batch, TestContext.Current.CancellationToken));
        h.Kafka.OnStep = null;
        await h.RunToEndAsync(shard);
        Assert.Equal(h.Kafka.CommittedOffsets(0).Events, h.Kafka.Batches(0).Sum(b => b.EventsTo - b.EventsFrom)); // none twice
    }

    [Fact]
    public async Task Expired_group_offsets_go_on_from_the_last_batch_record()
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 60, 3);
        await using (var first = await h.OpenAsync()) await h.RunToEndAsync(first);
        var hash = await h.StateHashAsync();
        var outputs = h.Kafka.CommittedAll("recommendations").Count();
        h.Kafka.ForgetOffsets(0);
        await using var second = await h.OpenAsync();
        await h.RunToEndAsync(second);
        Assert.Equal(hash, await h.StateHashAsync());
        Assert.Equal(outputs, h.Kafka.CommittedAll("recommendations").Count());
        Assert.Equal(h.Kafka.Batches(0).Max(b => b.EventsTo), h.Kafka.Batches(0).Sum(b => b.EventsTo - b.EventsFrom)); // none twice
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Committed_offset_that_hangs_or_is_behind_gives_way_to_the_batch_records(bool hangs)
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 60, 3);
        await using (var first = await h.OpenAsync())
        {
            await first.TakeOverAsync(TestContext.Current.CancellationToken);
            var batch = await first.IngestAsync(TestContext.Current.CancellationToken);
            await first.WorkAsync(batch, TestContext.Current.CancellationToken);
            await first.CommitAsync(batch, TestContext.Current.CancellationToken);
            var before = h.Kafka.CommittedOffsets(0);
            await h.RunToEndAsync(first);
            Assert.True(h.Kafka.CommittedOffsets(0).Events > before.Events);
            h.Kafka.SetBack(0, before);
        }

        if (hangs) h.Kafka.Hanging.Add(0);
        ShopTraffic.Append(h.Kafka, 30, 4);
        await using var second = await h.OpenAsync();
        await h.RunToEndAsync(second);
        Assert.Equal(h.Kafka.CommittedOffsets(0).Events, h.Kafka.Batches(0).Sum(b => b.EventsTo - b.EventsFrom)); // none twice
        Assert.Equal(h.Kafka.Batches(0).Last().EventsTo, h.Kafka.CommittedOffsets(0).Events);
        Assert.Empty(h.Kafka.Hanging);
    }

    [Fact]
    public async Task Transaction_that_hangs_in_control_holds_the_take_over_back_and_says_so()
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 60, 3);
        await using (var first = await h.OpenAsync()) await h.RunToEndAsync(first);
        var records = h.Kafka.Committed("control", 0).Count();
        h.Kafka.LeaveHanging("control", 0);
        await using var second = await h.OpenAsync();
        var error = await Assert.ThrowsAsync<BrokerUnavailableException>(async () => await second.TakeOverAsync(TestContext.Current.CancellationToken));
        Assert.Contains("hangs in the topic control", error.Message);
        Assert.Equal(records, h.Kafka.Committed("control", 0).Count());
        h.Kafka.AbortHanging();
        ShopTraffic.Append(h.Kafka, 10, 5);
        await h.RunToEndAsync(second);
        Assert.True(h.Kafka.Committed("control", 0).Count() > records);
    }

    /// <summary>From the store, from their compact form in memory, or from either.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public async Task Memory_bound_evicts_durable_profiles_and_loads_them_again(int compactBytes)
    {
        var small = new ShardHarness { Options = new() { FlushInterval = TimeSpan.FromMilliseconds(10), MaxBatchRecords = 7, MaxResidentUsers = 3, MaxCompactBytes = compactBytes, ListLength = 3 }, Fold = new() { Dimensions = 8, RingLength = 6 } };
        ShopTraffic.Append(small.Kafka, 300, 9);
        var resident = 0;
        await using (var shard = await small.OpenAsync())
        {
            await small.RunToEndAsync(shard);
            resident = shard.Status.ResidentUsers;
        }

        var large = new ShardHarness { Fold = new() { Dimensions = 8, RingLength = 6 } };
        ShopTraffic.Append(large.Kafka, 300, 9);
        await using (var shard = await large.OpenAsync())
        {
            await large.RunToEndAsync(shard);
            Assert.InRange(resident, 0, shard.Status.ResidentUsers / 2);
        }

        Assert.Equal(await large.StateHashAsync(), await small.StateHashAsync());
    }

    [Fact]
    public async Task Guest_becomes_known_across_partitions_and_erase_goes_back()
    {
        var h = new ShardHarness(partitions: 4);
        var guest = Enumerable.Range(0, 100).Select(i => "g" + i).First(g => Partition(g) == 0);
        var user = Enumerable.Range(0, 100).Select(i => "u" + i).First(u => Partition(u) == 1);
        h.Kafka.Append("events", guest, $$"""{"eventId":"1","type":"view","anonymousId":"{{guest}}","itemId":"i1","occurredAt":{{Start}}}""");
        h.Kafka.Append("events", guest, $$"""{"eventId":"2","type":"identify","anonymousId":"{{guest}}","userId":"{{user}}","occurredAt":{{Start + 1}}}""");
        h.Kafka.Append("events", guest, $$"""{"eventId":"3","type":"add_to_cart","anonymousId":"{{guest}}","itemId":"i2","occurredAt":{{Start + 2}}}""");
        await RunBothAsync(h);
        var known = (await h.StoredAsync(UserKey.User(user), 1))!;
        Assert.Equal(3, known.EventCount);
        Assert.Equal(2, known.RingCount);
        Assert.Equal(1u, known.Counts[(int)EventType.AddToCart]);

        h.Kafka.Append("events", user, Event("4", "erase", user, null, Start + 3));
        await RunBothAsync(h);
        await RunBothAsync(h);
        Assert.True((await h.StoredAsync(UserKey.User(user), 1))!.IsErased);
        Assert.True((await h.StoredAsync(UserKey.Guest(guest), 0))!.IsErased);

        int Partition(string id) => Murmur2.Partition(System.Text.Encoding.UTF8.GetBytes(id), 4);

        static async Task RunBothAsync(ShardHarness h)
        {
            foreach (var p in new[] { 0, 1, 0 })
            {
                await using var shard = await h.OpenAsync(p);
                await h.RunToEndAsync(shard);
                await shard.HandOffAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    private static void AssertSameOnce(ShardHarness calm, ShardHarness stormy, string topic, string id)
    {
        List<string?> Ids(ShardHarness h) => [.. h.Kafka.CommittedAll(topic).Select(r => JsonDocument.Parse(r).RootElement.GetProperty(id).GetString()).Order(StringComparer.Ordinal)];
        Assert.Equal(Ids(calm), Ids(stormy));
    }
}
