using System.Text;
using Streaming.Core.Errors;
using Streaming.Core.Shard;

namespace Streaming.Kafka.Tests.Real;

public sealed class ShardBrokerTransactionTests
{
    private static CancellationToken Stop => RealKafka.Stop;

    [Fact]
    public async Task Commit_makes_outputs_and_offsets_visible_and_tells_where_the_batch_record_landed()
    {
        await using var kafka = await RealKafka.StartAsync();
        await kafka.WriteEventsAsync(0, 0, 3);
        var broker = await kafka.OpenAsync();
        await broker.InitTransactionsAsync(Stop);
        Assert.Equal(ShardOffsets.None, (await broker.ReadCommittedAsync(Stop)).Offsets);
        var before = DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds();

        var receipt = await CommitAsync(broker, "batch 1", new ShardOffsets(3, 0, 0));

        Assert.Equal(0, receipt.ControlOffset);
        Assert.True(receipt.AppendTimeMs > before);
        Assert.Equal(new ShardOffsets(3, 0, 0), (await broker.ReadCommittedAsync(Stop)).Offsets);
        await WaitUntilStableAsync(broker, 2);
        var (values, last) = await broker.ReadToEndAsync(SourceTopic.Control, 0);
        Assert.Equal(["batch 1"], values);
        // The commit marker took offset 1: nothing readable is left, and the next offset lies past it.
        Assert.Equal(2, last.NextOffset);
        var second = await CommitAsync(broker, "batch 2", new ShardOffsets(3, 0, 2));
        Assert.Equal(2, second.ControlOffset);
        await WaitUntilStableAsync(broker, 4);
        var (more, end) = await broker.ContinueToEndAsync(SourceTopic.Control, 2);
        Assert.Equal(["batch 2"], more);
        Assert.Equal(4, end.NextOffset);
        Assert.Equal(new PartitionBounds(0, 4), await broker.ReadBoundsAsync(SourceTopic.Control, Stop));
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task Committed_offsets_carry_the_number_of_their_batch_and_aborted_or_open_records_can_still_be_read()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        await broker.InitTransactionsAsync(Stop);
        Assert.Equal(GroupOffsets.None, await broker.ReadCommittedAsync(Stop));
        broker.Begin();
        broker.Produce(OutputTopic.Control, 0, default, "one"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(3, 0, 0), 41, Stop);
        await broker.CommitAsync(Stop);
        var expected = await broker.ReadCommittedAsync(Stop);
        Assert.Equal((new ShardOffsets(3, 0, 0), 41), (expected.Offsets, expected.Sequence));
        broker.Begin();
        broker.Produce(OutputTopic.Control, 0, default, "two"u8);
        await broker.FlushAsync(Stop);
        await broker.AbortAsync(Stop);
        broker.Begin();
        broker.Produce(OutputTopic.Control, 0, default, "three"u8);
        await broker.FlushAsync(Stop);
        Assert.Equal(expected, await broker.PeekCommittedAsync(Stop));
        var open = Assert.Single(await broker.FindOpenAsync([(OutputTopic.Control, 0), (OutputTopic.Events, 0)], Stop));
        Assert.Equal((OutputTopic.Control, 0, 0, "three"), (open.Topic, open.Partition, open.Shard, Encoding.UTF8.GetString(open.Value.Span)));
        var records = await broker.ReadUncommittedAsync(OutputTopic.Control, 0, 0, null, Stop);
        Assert.Equal(["one", "two", "three"], records.Select(r => Encoding.UTF8.GetString(r.Value.Span)));
        Assert.Equal([expected.Transaction, records[1].Transaction, open.Transaction], records.Select(r => r.Transaction));
        Assert.Equal(3, records.Select(r => r.Transaction).Distinct().Count());
        bool[] areCommitted = [true, false, false];
        for (var i = 0; i < records.Count; i++)
            Assert.Equal(areCommitted[i], await broker.IsCommittedAsync(records[i].Transaction, records[i].TimeMs, [(OutputTopic.Sessions, 0), (OutputTopic.Control, 0)], Stop));
        Assert.False(await broker.IsCommittedAsync(expected.Transaction, records[0].TimeMs, [(OutputTopic.Sessions, 0)], Stop));
        await broker.AbortAsync(Stop);
        var (values, _) = await broker.ReadToEndAsync(SourceTopic.Control, 0);
        Assert.Equal(["one"], values);
        Assert.Empty(await broker.FindOpenAsync([(OutputTopic.Control, 0)], Stop));
        Assert.Empty(await broker.ReadUncommittedAsync(OutputTopic.Control, 0, (await broker.ReadBoundsAsync(SourceTopic.Control, Stop)).StableEnd, null, Stop));
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task What_another_shards_open_transaction_hides_holds_up_no_commit_but_the_next_one_there()
    {
        await using var kafka = await RealKafka.StartAsync();
        var (mine, other) = await OpenBehindAnotherAsync(kafka);
        mine.Begin();
        mine.Produce(OutputTopic.Links, 0, "g"u8, "mine"u8);
        mine.Produce(OutputTopic.Control, 0, default, "batch"u8);
        await mine.SendOffsetsAsync(new ShardOffsets(1, 0, 0), 1, Stop);
        await mine.CommitAsync(Stop);

        await mine.WaitUntilReadableAsync([(OutputTopic.Links, 1)], Stop); // another place
        var waiting = mine.WaitUntilReadableAsync([(OutputTopic.Links, 0)], Stop).AsTask();
        Assert.NotEqual(waiting, await Task.WhenAny(waiting, Task.Delay(1_000, Stop)));
        await other.AbortAsync(Stop);
        await waiting;
        Assert.Empty(await mine.FindOpenAsync([(OutputTopic.Links, 0)], Stop));
    }

    [Fact]
    public async Task Take_over_waits_for_who_stands_before_its_own_records_and_not_for_others()
    {
        await using var kafka = await RealKafka.StartAsync();
        var (mine, other) = await OpenBehindAnotherAsync(kafka);
        Assert.Equal(1, Assert.Single(await mine.FindOpenAsync([(OutputTopic.Links, 0), (OutputTopic.Events, 0)], Stop)).Shard);
        mine.Begin();
        mine.Produce(OutputTopic.Links, 0, "g"u8, "mine"u8);
        await mine.FlushAsync(Stop);
        await mine.AbortAsync(Stop);

        var looking = mine.FindOpenAsync([(OutputTopic.Links, 0)], Stop).AsTask();
        Assert.NotEqual(looking, await Task.WhenAny(looking, Task.Delay(1_000, Stop)));
        await other.CommitAsync(Stop);
        Assert.Empty(await looking);
    }

    [Fact]
    public async Task Records_written_once_more_have_the_number_of_their_transaction_and_keep_key_and_value()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        await broker.InitTransactionsAsync(Stop);
        broker.Begin();
        broker.Produce(OutputTopic.Links, 0, "u"u8, "first"u8);
        broker.Produce(OutputTopic.Control, 0, default, "c"u8);
        await broker.FlushAsync(Stop);
        await broker.AbortAsync(Stop);
        var lost = Assert.Single(await broker.ReadUncommittedAsync(OutputTopic.Links, 0, 0, null, Stop));
        broker.Begin(lost.Transaction);
        broker.Produce(OutputTopic.Links, 0, lost.Key.Span, lost.Value.Span);
        Assert.False(await broker.IsCommittedAsync(lost.Transaction, lost.TimeMs, [(OutputTopic.Links, 0)], Stop));
        await broker.CommitAsync(Stop);
        Assert.True(await broker.IsCommittedAsync(lost.Transaction, lost.TimeMs, [(OutputTopic.Links, 0)], Stop));
        var again = (await broker.ReadUncommittedAsync(OutputTopic.Links, 0, lost.Offset + 1, null, Stop))[0];
        Assert.Equal(("u", "first", lost.Transaction), (Encoding.UTF8.GetString(again.Key.Span), Encoding.UTF8.GetString(again.Value.Span), again.Transaction));
    }

    [Fact]
    public async Task Abort_hides_outputs_and_leaves_committed_offsets()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        await broker.InitTransactionsAsync(Stop);
        await CommitAsync(broker, "kept", new ShardOffsets(1, 0, 0));

        broker.Begin();
        broker.Produce(OutputTopic.Control, 0, "0"u8, "dropped"u8);
        broker.Produce(OutputTopic.Recommendations, 0, "u"u8, "dropped"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(9, 9, 9), 1, Stop);
        await broker.AbortAsync(Stop);
        await broker.AbortAsync(Stop);

        Assert.Equal(new ShardOffsets(1, 0, 0), (await broker.ReadCommittedAsync(Stop)).Offsets);
        await WaitUntilStableAsync(broker, 4);
        var (values, last) = await broker.ReadToEndAsync(SourceTopic.Control, 0);
        Assert.Equal(["kept"], values);
        // kept, marker, dropped, marker: the end lies past an aborted record and two markers.
        Assert.Equal(4, last.NextOffset);
    }

    [Fact]
    public async Task Open_transaction_is_neither_read_nor_within_the_stable_end()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        await broker.InitTransactionsAsync(Stop);
        await CommitAsync(broker, "a", ShardOffsets.None);
        broker.Begin();
        broker.Produce(OutputTopic.Control, 0, default, "open"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(1, -1, -1), 1, Stop);
        Assert.Equal(OutputTopic.Control, Assert.Single(await broker.FindOpenAsync([(OutputTopic.Events, 0), (OutputTopic.Control, 0)], Stop)).Topic);

        var (values, last) = await broker.ReadToEndAsync(SourceTopic.Control, 0);

        Assert.Equal(["a"], values);
        Assert.Equal(2, last.NextOffset);
        Assert.Equal(2, (await broker.ReadBoundsAsync(SourceTopic.Control, Stop)).StableEnd);
        await broker.CommitAsync(Stop);
        await WaitUntilStableAsync(broker, 4);
        Assert.Empty(await broker.FindOpenAsync([(OutputTopic.Control, 0)], Stop));
        var (more, _) = await broker.ContinueToEndAsync(SourceTopic.Control, 2);
        Assert.Equal(["open"], more);
    }

    [Fact]
    public async Task Pending_commit_of_offsets_is_waited_for_and_can_be_peeked_past()
    {
        await using var kafka = await RealKafka.StartAsync();
        await using var other = kafka.OtherNode();
        var owner = await kafka.OpenAsync();
        await owner.InitTransactionsAsync(Stop);
        await CommitAsync(owner, "one", new ShardOffsets(1, 0, 0));
        owner.Begin();
        owner.Produce(OutputTopic.Control, 0, default, "two"u8);
        await owner.SendOffsetsAsync(new ShardOffsets(2, 0, 0), 1, Stop);

        var reader = await other.OpenAsync(0, Stop);
        Assert.Equal(new ShardOffsets(1, 0, 0), (await reader.PeekCommittedAsync(Stop)).Offsets);
        var stable = reader.ReadCommittedAsync(Stop).AsTask();
        Assert.NotSame(stable, await Task.WhenAny(stable, Task.Delay(300, Stop)));
        await owner.CommitAsync(Stop);
        Assert.Equal(new ShardOffsets(2, 0, 0), (await stable).Offsets);
    }

    [Fact]
    public async Task Second_owner_fences_the_first()
    {
        await using var kafka = await RealKafka.StartAsync();
        await using var other = kafka.OtherNode();
        var first = await kafka.OpenAsync();
        await first.InitTransactionsAsync(Stop);
        first.Begin();
        first.Produce(OutputTopic.Control, 0, default, "zombie"u8);
        await first.SendOffsetsAsync(new ShardOffsets(7, 7, 7), 1, Stop);

        var second = await other.OpenAsync(0, Stop);
        await second.InitTransactionsAsync(Stop);

        var error = await Assert.ThrowsAsync<FencedException>(async () => await first.CommitAsync(Stop));
        Assert.Equal(ErrorAction.StopAndBackOff, error.Action);
        Assert.Equal(ShardOffsets.None, (await second.ReadCommittedAsync(Stop)).Offsets);
        await CommitAsync(second, "owner", new ShardOffsets(2, 0, 0));
        var (values, _) = await second.ReadToEndAsync(SourceTopic.Control, 0);
        Assert.Equal(["owner"], values);
    }

    [Fact]
    public async Task Fenced_owner_learns_of_it_when_it_begins_anew()
    {
        await using var kafka = await RealKafka.StartAsync();
        await using var other = kafka.OtherNode();
        var first = await kafka.OpenAsync();
        await first.InitTransactionsAsync(Stop);
        await CommitAsync(first, "one", new ShardOffsets(1, 0, 0));
        var second = await other.OpenAsync(0, Stop);
        await second.InitTransactionsAsync(Stop);

        await Assert.ThrowsAsync<FencedException>(async () => await CommitAsync(first, "two", new ShardOffsets(2, 0, 0)));
        Assert.Equal(new ShardOffsets(1, 0, 0), (await second.ReadCommittedAsync(Stop)).Offsets);
    }

    [Fact]
    public async Task Abandoned_transaction_is_settled_by_the_next_initialisation()
    {
        await using var kafka = await RealKafka.StartAsync();
        await using var other = kafka.OtherNode();
        var dead = await kafka.OpenAsync();
        await dead.InitTransactionsAsync(Stop);
        await CommitAsync(dead, "before", new ShardOffsets(1, 0, 0));
        dead.Begin();
        for (var i = 0; i < 100; i++) dead.Produce(OutputTopic.Control, 0, default, "lost"u8);
        await dead.SendOffsetsAsync(new ShardOffsets(50, 50, 50), 1, Stop);
        // As a kill: nothing more is called on it.

        var next = await other.OpenAsync(0, Stop);
        await next.InitTransactionsAsync(Stop);

        Assert.Equal(new ShardOffsets(1, 0, 0), (await next.ReadCommittedAsync(Stop)).Offsets);
        var (values, last) = await next.ReadToEndAsync(SourceTopic.Control, 0);
        Assert.Equal(["before"], values);
        Assert.Equal((await next.ReadBoundsAsync(SourceTopic.Control, Stop)).StableEnd, last.NextOffset);
    }

    [Fact]
    public async Task Record_too_large_is_refused_and_the_transaction_can_be_aborted()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        await broker.InitTransactionsAsync(Stop);
        broker.Begin();

        var error = Assert.Throws<RecordRejectedException>(() => broker.Produce(OutputTopic.DeadLetters, 0, default, new byte[kafka.Options.MessageMaxBytes + 1]));

        Assert.Contains("MSG_SIZE_TOO_LARGE", error.Message);
        await broker.AbortAsync(Stop);
        await CommitAsync(broker, "after", new ShardOffsets(1, 0, 0));
    }

    [Fact]
    public async Task Batch_record_may_be_far_larger_than_other_records()
    {
        await using var kafka = await RealKafka.StartAsync();
        var broker = await kafka.OpenAsync();
        await broker.InitTransactionsAsync(Stop);
        broker.Begin();
        var noise = new byte[9 * kafka.Options.MessageMaxBytes]; // does not pack
        new Random(1).NextBytes(noise);
        broker.Produce(OutputTopic.Control, 0, default, noise);
        await broker.SendOffsetsAsync(new ShardOffsets(1, 0, 0), 1, Stop);
        await broker.CommitAsync(Stop);
        var batch = new RecordBatch();
        batch.Reset(0);
        await broker.SeekAsync(SourceTopic.Control, 0, Stop);
        while (batch.Count == 0) await broker.ReadAsync(SourceTopic.Control, batch, 10, TimeSpan.FromSeconds(1), Stop);
        Assert.True(batch.Value(batch.Records[0]).SequenceEqual(noise));
    }

    [Fact]
    public async Task Record_the_broker_refuses_surfaces_at_commit()
    {
        await using var kafka = await RealKafka.StartAsync();
        var options = kafka.Options with { MessageMaxBytes = 5_000_000 };
        await using var node = new KafkaNode(options, 2, Microsoft.Extensions.Logging.Abstractions.NullLogger<KafkaNode>.Instance);
        var broker = await node.OpenAsync(0, Stop);
        await broker.InitTransactionsAsync(Stop);
        broker.Begin();
        var noise = new byte[3_000_000];
        new Random(1).NextBytes(noise);
        broker.Produce(OutputTopic.DeadLetters, 0, default, noise);

        await Assert.ThrowsAsync<RecordRejectedException>(async () => await broker.CommitAsync(Stop));

        Assert.Equal(ShardOffsets.None, (await broker.ReadCommittedAsync(Stop)).Offsets);
        await CommitAsync(broker, "after", new ShardOffsets(1, 0, 0));
    }

    [Fact]
    public async Task Broker_gone_leaves_no_outcome_unclear()
    {
        var options = RealKafka.NewOptions() with { BootstrapServers = "127.0.0.1:1", RequestTimeoutMs = 1_000 };
        await using var node = new KafkaNode(options, 2, Microsoft.Extensions.Logging.Abstractions.NullLogger<KafkaNode>.Instance);
        var broker = await node.OpenAsync(0, Stop);

        await Assert.ThrowsAsync<BrokerUnavailableException>(async () => await broker.InitTransactionsAsync(Stop));
        await broker.SeekAsync(SourceTopic.Events, 0, Stop);
        var batch = new RecordBatch();
        batch.Reset(0);
        await Assert.ThrowsAsync<BrokerUnavailableException>(async () =>
        {
            for (var i = 0; i < 100; i++) await broker.ReadAsync(SourceTopic.Events, batch, 10, TimeSpan.FromMilliseconds(200), Stop);
        });
        Assert.False(batch.AtEnd);
    }

    // Two shards; of the other one a transaction is open in links [0].
    private static async Task<(IShardBroker Mine, IShardBroker Other)> OpenBehindAnotherAsync(RealKafka kafka)
    {
        var (mine, other) = (await kafka.OpenAsync(0), await kafka.OpenAsync(1));
        await mine.InitTransactionsAsync(Stop);
        await other.InitTransactionsAsync(Stop);
        other.Begin();
        other.Produce(OutputTopic.Links, 0, "g"u8, "theirs"u8);
        await other.FlushAsync(Stop);
        return (mine, other);
    }

    /// <summary>The coordinator answers the end of a transaction before its marker is in the topic.</summary>
    private static async Task WaitUntilStableAsync(IShardBroker broker, long end)
    {
        while ((await broker.ReadBoundsAsync(SourceTopic.Control, Stop)).StableEnd < end) await Task.Delay(20, Stop);
    }

    private static async Task<CommitReceipt> CommitAsync(IShardBroker broker, string batchRecord, ShardOffsets next)
    {
        broker.Begin();
        broker.Produce(OutputTopic.Recommendations, broker.Partition, "u1"u8, "{}"u8);
        broker.Produce(OutputTopic.Control, broker.Partition, "0"u8, Encoding.UTF8.GetBytes(batchRecord));
        await broker.SendOffsetsAsync(next, 1, Stop);
        return await broker.CommitAsync(Stop);
    }
}
