using System.Buffers;
using System.Text.RegularExpressions;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Xunit;

namespace Streaming.Core.Tests.Shard;

/// <summary>A coordinator that drops markers of a transaction, all of them or some, as Kafka 4.3 does around a restart (docs/decisions/0020).</summary>
public sealed class ForgottenMarkerTests
{
    private static readonly string[] Outputs = ["recommendations", "sessions", "dead-letters", "links"];

    /// <summary>What is not marked; the rest is.</summary>
    public static TheoryData<string> Dropped => new("control", "offsets", "recommendations", "control,offsets", "control,recommendations", "recommendations,offsets", "links", "links,control", "dead-letters", "all");

    [Theory]
    [MemberData(nameof(Dropped))]
    public async Task Batch_of_a_commit_with_dropped_markers_is_there_once_after_the_next_take_over(string dropped)
    {
        var h = await HangingAsync(dropped, commits: true);
        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(TestContext.Current.CancellationToken);
        Assert.False(h.Kafka.Hangs);
        await EndAsync(h, second);
        await AssertWholeAsync(h, isLinkLate: dropped.Contains("links", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Dropped))]
    public async Task Batch_of_an_abort_with_dropped_markers_is_there_once_after_the_next_take_over(string dropped)
    {
        var h = await HangingAsync(dropped, commits: false);
        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(TestContext.Current.CancellationToken);
        Assert.False(h.Kafka.Hangs);
        await EndAsync(h, second);
        await AssertWholeAsync(h);
    }

    [Theory]
    [InlineData("flush", 1)]
    [InlineData("send-offsets", 1)]
    [InlineData("commit", 1)]
    [InlineData("committed", 1)]
    [InlineData("begin", 2)]
    [InlineData("flush", 2)]
    [InlineData("send-offsets", 2)]
    [InlineData("commit", 2)]
    [InlineData("committed", 2)]
    [InlineData("flush", 3)]
    [InlineData("commit", 3)]
    [InlineData("committed", 3)]
    [InlineData("flush", 4)]
    public async Task Take_over_cut_short_while_it_ends_what_hangs_leaves_the_next_one_the_same_to_do(string step, int time)
    {
        var h = await HangingAsync("control,recommendations", commits: true);
        await using (var cut = await h.OpenAsync())
        {
            var times = 0;
            h.Kafka.OnStep = name =>
            {
                if (name == step && ++times == time) throw new BrokerUnavailableException("the broker is away");
            };
            await Assert.ThrowsAsync<BrokerUnavailableException>(async () => await cut.TakeOverAsync(TestContext.Current.CancellationToken));
            h.Kafka.OnStep = null;
        }

        await using var next = await h.OpenAsync();
        await next.TakeOverAsync(TestContext.Current.CancellationToken);
        Assert.False(h.Kafka.Hangs);
        await EndAsync(h, next);
        await AssertWholeAsync(h);
    }

    [Fact]
    public async Task What_ends_a_transaction_may_itself_be_left_hanging()
    {
        var h = await HangingAsync("control,recommendations", commits: true);
        h.Kafka.Drops = topic => topic is "control" or "recommendations";
        await using (var cut = await h.OpenAsync()) await Assert.ThrowsAnyAsync<EngineException>(async () => await cut.TakeOverAsync(TestContext.Current.CancellationToken));
        h.Kafka.Drops = null;
        await using var next = await h.OpenAsync();
        await next.TakeOverAsync(TestContext.Current.CancellationToken);
        Assert.False(h.Kafka.Hangs);
        await EndAsync(h, next);
        await AssertWholeAsync(h);
    }

    [Fact]
    public async Task Transaction_that_hangs_everywhere_stays_as_it_is_where_the_offsets_carry_no_number()
    {
        var h = await HangingAsync("all", commits: true);
        h.Kafka.SetBack(0, h.Kafka.CommittedOffsets(0));
        await using var second = await h.OpenAsync();
        var error = await Assert.ThrowsAsync<BrokerUnavailableException>(async () => await second.TakeOverAsync(TestContext.Current.CancellationToken));
        Assert.Contains("hangs in the topic control", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Committed_link_behind_anothers_open_transaction_tells_that_its_transaction_was_committed()
    {
        var h = await HangingAsync("control,offsets,recommendations,dead-letters,sessions", commits: true, other: true);
        await using (var early = await h.OpenAsync()) await Assert.ThrowsAsync<RecordsHiddenException>(async () => await early.TakeOverAsync(TestContext.Current.CancellationToken));
        await h.Kafka.Open(1).InitTransactionsAsync(TestContext.Current.CancellationToken); // ends the other's
        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(TestContext.Current.CancellationToken);
        Assert.False(h.Kafka.Hangs);
        await EndAsync(h, second);
        await AssertWholeAsync(h, isLinkLate: true);
    }

    [Fact]
    public async Task Shards_whose_links_hang_before_each_other_do_not_wait_for_each_other_for_ever()
    {
        var kafka = new FakeKafka(2) { Drops = _ => true };
        IShardBroker[] shards = [kafka.Open(0), kafka.Open(1)];
        foreach (var shard in shards)
        {
            await shard.InitTransactionsAsync(TestContext.Current.CancellationToken);
            var batch = new ArrayBufferWriter<byte>();
            ControlJson.Write(new ControlBatch { Sequence = 1, EventsFrom = 0, EventsTo = 1, LinksFrom = 0, LinksTo = 0, ControlTo = 0 }, batch);
            shard.Begin();
            shard.Produce(OutputTopic.Control, shard.Partition, default, batch.WrittenSpan);
            shard.Produce(OutputTopic.Links, shard.Partition, default, "{}"u8); // the other's comes behind it
        }

        foreach (var shard in shards)
        {
            shard.Produce(OutputTopic.Links, 1 - shard.Partition, default, "{}"u8);
            await shard.SendOffsetsAsync(new ShardOffsets(1, 0, 0), 1, TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<IndefiniteOutcomeException>(async () => await shard.CommitAsync(TestContext.Current.CancellationToken));
        }

        kafka.Drops = null;
        for (var round = 0; round < 4 && kafka.Hangs; round++)
        {
            foreach (var shard in shards)
            {
                await shard.InitTransactionsAsync(TestContext.Current.CancellationToken);
                try
                {
                    await new HangingTransaction(shard, 2, static _ => { }).TryEndAsync(TestContext.Current.CancellationToken);
                }
                catch (RecordsHiddenException)
                {
                    // waits for the other
                }
            }
        }

        Assert.False(kafka.Hangs);
    }

    // 40 events in peace, 30 of which a batch meets the fault.
    private static async Task<ShardHarness> HangingAsync(string dropped, bool commits, bool other = false)
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 40, 3);
        await using var first = await h.OpenAsync();
        await h.RunToEndAsync(first);
        h.Kafka.Append("events", "g1", """{"eventId":"g1v","type":"view","anonymousId":"g1","itemId":"i3","occurredAt":1700090000000}""");
        h.Kafka.Append("events", "g1", """{"eventId":"g1l","type":"identify","anonymousId":"g1","userId":"u1","occurredAt":1700090000001}""");
        h.Kafka.Append("events", "u1", "{\"broken\":");
        ShopTraffic.Append(h.Kafka, 30, 4, ShopTraffic.Start + 90_000_000, "f");
        if (dropped.Length == 0) return h;
        h.Kafka.Drops = topic => dropped == "all" || dropped.Split(',').Contains(topic);
        if (!commits)
        {
            h.Kafka.OnStep = name =>
            {
                if (name == "commit") throw new TransactionAbortedException("refused");
            };
        }

        if (other)
        {
            var another = h.Kafka.Open(1);
            await another.InitTransactionsAsync(TestContext.Current.CancellationToken);
            another.Begin();
            another.Produce(OutputTopic.Links, 0, default, "{}"u8);
        }

        var failures = 0;
        while (failures == 0)
        {
            var batch = await first.IngestAsync(TestContext.Current.CancellationToken);
            if (batch.Events.Count == 0) break;
            await first.WorkAsync(batch, TestContext.Current.CancellationToken);
            try
            {
                await first.CommitAsync(batch, TestContext.Current.CancellationToken);
            }
            catch (EngineException)
            {
                failures++;
            }
        }

        // What other shards read too is not waited for.
        Assert.Equal(commits && dropped == "links" ? 0 : 1, failures);
        h.Kafka.OnStep = null;
        if (!commits) await h.Kafka.Open(0).InitTransactionsAsync(TestContext.Current.CancellationToken); // aborts it
        h.Kafka.Drops = null;
        Assert.NotEqual(dropped == "offsets", h.Kafka.Hangs);
        return h;
    }

    private static async Task EndAsync(ShardHarness h, UserShard shard)
    {
        await h.RunToEndAsync(shard);
        ShopTraffic.Append(h.Kafka, 20, 5, ShopTraffic.Start + 180_000_000, "h");
        await h.RunToEndAsync(shard);
    }

    // Each batch once, and the outputs those of a shard that met no fault.
    private static async Task AssertWholeAsync(ShardHarness h, bool isLinkLate = false)
    {
        var batches = h.Kafka.Batches(0).DistinctBy(b => (b.Sequence, b.EventsFrom, b.EventsTo, b.LinksTo)).ToList(); // one that was forgotten may be there again as it was
        Assert.Equal(Enumerable.Range(1, batches.Count).Select(i => (long)i), batches.Select(b => b.Sequence));
        Assert.Equal(batches[^1].EventsTo, batches.Sum(b => b.EventsTo - b.EventsFrom));
        Assert.Equal(batches[^1].EventsTo, h.Kafka.CommittedOffsets(0).Events);
        var peaceful = await HangingAsync("", commits: true);
        await using var shard = await peaceful.OpenAsync();
        await EndAsync(peaceful, shard);
        foreach (var topic in Outputs)
        {
            Assert.True(peaceful.Kafka.CommittedAll(topic).Any(), $"nothing in {topic}");
            Assert.Equal(peaceful.Kafka.CommittedAll(topic).Select(o => isLinkLate ? Id(o) : WithoutTime(o)), h.Kafka.CommittedAll(topic).Select(o => isLinkLate ? Id(o) : WithoutTime(o)));
        }
    }

    private static string WithoutTime(string output) => Regex.Replace(output, "\"(emittedAt|failedAt)\":\\d+", "");

    private static string Id(string output) => Regex.Match(output, "\"(recommendationId|sessionId|deadLetterId|linkId)\":\"[^\"]*\"").Value;
}
