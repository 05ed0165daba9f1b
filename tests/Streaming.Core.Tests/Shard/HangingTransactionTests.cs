using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Xunit;

namespace Streaming.Core.Tests.Shard;

/// <summary>What a take-over that ends what hangs must not be misled by.</summary>
public sealed class HangingTransactionTests
{
    [Fact]
    public async Task Broker_that_is_away_for_a_moment_is_not_taken_for_shards_that_wait_for_each_other()
    {
        var stop = TestContext.Current.CancellationToken;
        var kafka = new FakeKafka(2);
        var other = kafka.Open(1);
        await other.InitTransactionsAsync(stop);
        other.Begin();
        other.Produce(OutputTopic.Links, 1, default, "{}"u8); // a live transaction of another shard
        var shard = kafka.Open(0);
        await shard.InitTransactionsAsync(stop);
        var links = 0;
        kafka.Drops = topic => topic != "links" || links++ > 0; // only the marker of links [1] arrives
        var batch = new ArrayBufferWriter<byte>();
        ControlJson.Write(new ControlBatch { Sequence = 1, EventsFrom = 0, EventsTo = 1, LinksFrom = 0, LinksTo = 0, ControlTo = 0 }, batch);
        shard.Begin();
        shard.Produce(OutputTopic.Control, 0, default, batch.WrittenSpan);
        shard.Produce(OutputTopic.Links, 0, default, """{"own":0}"""u8);
        shard.Produce(OutputTopic.Links, 1, default, """{"own":1}"""u8);
        await shard.SendOffsetsAsync(new ShardOffsets(1, 0, 0), 1, stop);
        await Assert.ThrowsAsync<IndefiniteOutcomeException>(async () => await shard.CommitAsync(stop));
        kafka.Drops = null;
        await shard.InitTransactionsAsync(stop);
        Exception? thrown = null;
        try
        {
            await new HangingTransaction(new AwayOnce(shard, 2), 2, static _ => { }).TryEndAsync(stop);
        }
        catch (BrokerUnavailableException e)
        {
            thrown = e;
        }

        await other.InitTransactionsAsync(stop); // the other's ends: what stood behind it can be read
        var own = kafka.Committed("links", 1).Where(v => v.Contains("own", StringComparison.Ordinal)).ToList();
        Assert.True(thrown is not null, $"undone, although links [1] holds of it: {string.Join(';', own)}");
    }

    [Fact]
    public async Task Take_over_that_moves_C_itself_is_not_fenced_by_its_own_hand()
    {
        var stop = TestContext.Current.CancellationToken;
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 40, 3);
        await using var first = await h.OpenAsync();
        await h.RunToEndAsync(first);
        ShopTraffic.Append(h.Kafka, 30, 4, ShopTraffic.Start + 90_000_000, "f");
        await using (var second = await h.OpenAsync())
        {
            await second.TakeOverAsync(stop);
            h.Kafka.Drops = topic => topic is "control" or "offsets";
            var batch = await second.IngestAsync(stop);
            await second.WorkAsync(batch, stop);
            await Assert.ThrowsAsync<IndefiniteOutcomeException>(async () => await second.CommitAsync(batch, stop));
        }

        h.Kafka.Drops = null;
        await first.TakeOverAsync(stop); // nobody else is at work
    }

    [Theory]
    [InlineData("2")]
    [InlineData("2/")]
    [InlineData("2/7x")]
    public void Header_that_is_not_the_engines_names_no_shard(string text)
    {
        var (name, value) = (Encoding.ASCII.GetBytes("transaction"), Encoding.ASCII.GetBytes(text));
        var headers = new byte[2 + name.Length + 4 + value.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(headers, (ushort)name.Length);
        name.CopyTo(headers, 2);
        BinaryPrimitives.WriteInt32LittleEndian(headers.AsSpan(2 + name.Length), value.Length);
        value.CopyTo(headers, 6 + name.Length);
        Assert.False(TransactionHeader.TryRead(headers, out var shard, out var number));
        Assert.Equal((-1, -1L), (shard, number));
    }

    private sealed class AwayOnce(IShardBroker inner, int at) : StubShardBroker(inner)
    {
        private int _asked;

        public override int Partition { get; } = inner.Partition;

        public override ValueTask<IReadOnlyList<TracedRecord>> FindOpenAsync(IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) =>
            ++_asked == at ? throw new BrokerUnavailableException("offsets: LEADER_NOT_AVAILABLE") : base.FindOpenAsync(among, cancellation);
    }
}
