using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Xunit;

namespace Streaming.Core.Tests.Shard;

/// <summary>A coordinator that forgets the marker of a committed transaction in <c>control</c>, as Kafka 4.3 does around a restart (docs/decisions/0020).</summary>
public sealed class ForgottenMarkerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batch_that_hangs_in_control_is_written_again_and_nothing_is_consumed_twice(bool isFlushed)
    {
        var h = await HangingAsync(isFlushed);
        var outputs = h.Kafka.CommittedAll("recommendations").Count();
        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(TestContext.Current.CancellationToken);
        AssertWhole(h);
        Assert.Equal(outputs, h.Kafka.CommittedAll("recommendations").Count());
        ShopTraffic.Append(h.Kafka, 20, 5);
        await h.RunToEndAsync(second);
        AssertWhole(h);
        Assert.Equal(h.Kafka.Batches(0).Last().EventsTo, h.Kafka.CommittedOffsets(0).Events);
    }

    [Theory]
    [InlineData("flush", 1)]
    [InlineData("flush", 2)]
    [InlineData("commit", 1)]
    public async Task Take_over_cut_short_while_it_writes_again_leaves_the_next_one_the_same_to_do(string step, int time)
    {
        var h = await HangingAsync(isFlushed: false);
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
        AssertWhole(h);
    }

    [Fact]
    public async Task Batch_that_went_with_the_abort_of_the_one_behind_it_comes_back()
    {
        var h = await HangingAsync(isFlushed: false, thenAborts: true);
        await using var second = await h.OpenAsync();
        await h.RunToEndAsync(second);
        AssertWhole(h);
        Assert.Equal(h.Kafka.Batches(0).Last().EventsTo, h.Kafka.CommittedOffsets(0).Events);
    }

    [Fact]
    public async Task Batch_that_hangs_stays_as_it_is_where_the_offsets_carry_no_number()
    {
        var h = await HangingAsync(isFlushed: false);
        h.Kafka.SetBack(0, h.Kafka.CommittedOffsets(0));
        await using var second = await h.OpenAsync();
        var error = await Assert.ThrowsAsync<BrokerUnavailableException>(async () => await second.TakeOverAsync(TestContext.Current.CancellationToken));
        Assert.Contains("hangs in the topic control", error.Message, StringComparison.Ordinal);
    }

    private static async Task<ShardHarness> HangingAsync(bool isFlushed, bool thenAborts = false)
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 40, 3);
        await using var first = await h.OpenAsync();
        await h.RunToEndAsync(first);
        ShopTraffic.Append(h.Kafka, 3, 4);
        h.Kafka.ForgetsControl.Add(0);
        await h.RunToEndAsync(first);
        if (isFlushed) await first.HandOffAsync(TestContext.Current.CancellationToken);
        if (!thenAborts) return h;
        ShopTraffic.Append(h.Kafka, 3, 6);
        h.Kafka.OnStep = name =>
        {
            if (name == "commit") throw new IndefiniteOutcomeException("no answer");
        };
        var batch = await first.IngestAsync(TestContext.Current.CancellationToken);
        await first.WorkAsync(batch, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<IndefiniteOutcomeException>(async () => await first.CommitAsync(batch, TestContext.Current.CancellationToken));
        h.Kafka.OnStep = null;
        return h;
    }

    // Each number once, unless written again as it was; each event in one batch.
    private static void AssertWhole(ShardHarness h)
    {
        var batches = h.Kafka.Batches(0).DistinctBy(b => (b.Sequence, b.EventsFrom, b.EventsTo, b.LinksTo)).ToList();
        Assert.Equal(Enumerable.Range(1, batches.Count).Select(i => (long)i), batches.Select(b => b.Sequence));
        Assert.Equal(batches[^1].EventsTo, batches.Sum(b => b.EventsTo - b.EventsFrom));
    }
}
