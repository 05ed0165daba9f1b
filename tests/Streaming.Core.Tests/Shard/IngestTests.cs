using Streaming.Core.Decode;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

public sealed class IngestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_read_after_what_moved_the_positions_failed_until_a_take_over_sets_them_again()
    {
        var kafka = new FakeKafka(1);
        for (var i = 0; i < 3; i++) kafka.Append("events", "u", $$"""{"type":"view","userId":"u","itemId":"i","occurredAt":{{kafka.NowMs}}}""");
        await using var broker = kafka.Open(0);
        var ingest = new Ingest(broker, new EventDecoder(1, TimeSpan.FromMinutes(5)), new ShardOptions());
        await ingest.StartAsync(new ShardOffsets(1, 0, 0), 0, Stop);

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var batch = new ShardBatch();
        batch.Reset();
        Task? waiting = null;
        await Assert.ThrowsAsync<TimeoutException>(() => ingest.AsideAsync(async () =>
        {
            await broker.SeekAsync(SourceTopic.Events, 0, Stop);
            waiting = ingest.ReadAsync(batch, failed.Token).AsTask(); // as the next batch does while a side replay runs
            throw new TimeoutException("the store went away in the middle");
        }, Stop).AsTask());
        var late = ingest.ReadAsync(batch, failed.Token).AsTask();
        Assert.False(waiting!.IsCompleted || late.IsCompleted, "a batch was read from positions that nobody set");
        await failed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);

        await ingest.StartAsync(new ShardOffsets(1, 0, 0), 0, Stop);
        await ingest.ReadAsync(batch, Stop);
        Assert.Equal((2, 1L), (batch.Events.Count, batch.Events.Records[0].Offset));
    }
}
