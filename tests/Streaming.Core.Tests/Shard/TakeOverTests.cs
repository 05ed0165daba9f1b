using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

public sealed class TakeOverTests
{
    private const long Start = 1_700_000_000_000;

    [Fact]
    public async Task Requests_beyond_a_full_batch_are_all_read_before_the_first_event()
    {
        var h = new ShardHarness();
        h.Options = h.Options with { MaxBatchRecords = 2 };
        for (var i = 0; i < 7; i++) h.Kafka.Append("control", "0", $$"""{"kind":"request","requestId":"q{{i}}","type":"pause","value":"t{{i}}"}""", partition: 0);
        Event(h, "e1", "u1");
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard, maxBatches: 50);
        var first = h.Kafka.Committed("control", 0).First(r => r.Contains("\"batch\"", StringComparison.Ordinal));
        for (var i = 0; i < 7; i++) Assert.Contains($"\"q{i}\"", first, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Take_over_that_a_newer_owner_overtook_is_fenced_and_asks_for_nobody(bool hangs)
    {
        var store = new OvertakenStore();
        var h = new ShardHarness(store: store);
        Event(h, "e1", "u1");
        await using (var first = await h.OpenAsync()) await h.RunToEndAsync(first);

        await using var slow = await h.OpenAsync();
        await using var quick = await h.OpenAsync();
        if (hangs) h.Kafka.Hanging.Add(0); // until the commit of the newer owner
        store.BeforeReadOfDurableMark = async () =>
        {
            Event(h, "e2", "u1");
            await h.RunToEndAsync(quick);
            await quick.HandOffAsync(TestContext.Current.CancellationToken);
        };
        var error = await Assert.ThrowsAsync<FencedException>(async () => await slow.TakeOverAsync(TestContext.Current.CancellationToken));
        Assert.IsType<LogTruncatedException>(error.InnerException);
    }

    [Theory]
    [InlineData("known")]
    [InlineData("expired")]
    [InlineData("hangs")]
    public async Task Empty_store_whose_first_batch_is_gone_from_the_log_is_refused_whatever_is_known_of_the_offset(string offset)
    {
        var h = new ShardHarness();
        for (var i = 0; i < 3; i++) Event(h, $"e{i}", $"u{i}");
        await using (var first = await h.OpenAsync()) await h.RunToEndAsync(first);
        var outputs = h.Kafka.CommittedAll("recommendations").Count();
        h.Kafka.LogStarts["control"] = h.Kafka.End("control", 0);
        if (offset == "expired") h.Kafka.ForgetOffsets(0);
        if (offset == "hangs") h.Kafka.Hanging.Add(0);
        var empty = h.WithEmptyStore();
        await using var second = await empty.OpenAsync();
        var error = await Assert.ThrowsAsync<LogTruncatedException>(async () => await second.TakeOverAsync(TestContext.Current.CancellationToken));
        Assert.Contains("no longer reaches back", error.Message, StringComparison.Ordinal);
        Assert.Equal(outputs, h.Kafka.CommittedAll("recommendations").Count());
    }

    [Theory]
    [InlineData(1, 0, 0, false)]
    [InlineData(0, 1, 0, false)]
    [InlineData(0, 0, 1, false)]
    [InlineData(1, 0, 0, true)]
    public async Task Offsets_ahead_of_the_batch_records_stop_the_shard(int events, int links, int control, bool hangs)
    {
        var h = new ShardHarness();
        for (var i = 0; i < 3; i++) Event(h, $"e{i}", $"u{i}");
        await using (var first = await h.OpenAsync()) await h.RunToEndAsync(first);
        var at = h.Kafka.CommittedOffsets(0);
        h.Kafka.SetBack(0, new Core.Shard.ShardOffsets(at.Events + events, at.Links + links, at.Control + control));
        if (hangs) h.Kafka.Hanging.Add(0);
        await using var second = await h.OpenAsync();
        var error = await Assert.ThrowsAsync<LogTruncatedException>(async () => await second.TakeOverAsync(TestContext.Current.CancellationToken));
        Assert.Contains("control lost records", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_that_begins_behind_the_durable_mark_stops_the_shard_and_names_the_offsets()
    {
        var h = new ShardHarness();
        Event(h, "e1", "u1");
        await using (var first = await h.OpenAsync())
        {
            await h.RunToEndAsync(first);
            await first.HandOffAsync(TestContext.Current.CancellationToken);
        }

        for (var i = 0; i < 5; i++) Event(h, $"f{i}", "u1");
        h.Kafka.LogStarts["events"] = 4;
        await using var second = await h.OpenAsync();
        var error = await Assert.ThrowsAsync<LogTruncatedException>(async () => await second.TakeOverAsync(TestContext.Current.CancellationToken));
        Assert.Contains("events from offset 1, but the topic begins at 4", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await h.StoredAsync(Core.Events.UserKey.User("u1")))!.EventCount);
    }

    private static void Event(ShardHarness h, string id, string user) =>
        h.Kafka.Append("events", user, $$"""{"eventId":"{{id}}","type":"view","userId":"{{user}}","itemId":"i1","occurredAt":{{Start}}}""");

    /// <summary>Lets something happen once, before the read of R that counts: the second of a take-over, behind the fence; the first is there for the names of the tables.</summary>
    private sealed class OvertakenStore : ISnapshotStore
    {
        private readonly InMemorySnapshotStore _inner = new();

        private int _reads;

        public Func<Task>? BeforeReadOfDurableMark { get; set; }

        public string Description => "overtaken";

        public ValueTask PrepareAsync(CancellationToken cancellation) => _inner.PrepareAsync(cancellation);

        public async ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation) => new Shard(this, await _inner.OpenShardAsync(partition, cancellation));

        public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation) => _inner.ReadBlobAsync(name, cancellation);

        public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => _inner.WriteBlobAsync(name, bytes, cancellation);

        public ValueTask DisposeAsync() => _inner.DisposeAsync();

        private sealed class Shard(OvertakenStore store, IShardStore inner) : IShardStore
        {
            public async ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation)
            {
                if (store.BeforeReadOfDurableMark is { } overtake && ++store._reads == 2)
                {
                    store.BeforeReadOfDurableMark = null;
                    await overtake();
                }

                return await inner.ReadShardAsync(cancellation);
            }

            public ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation) => inner.ReadUsersAsync(keys, cancellation);

            public ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation) => inner.WriteAsync(batch, cancellation);

            public ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) => inner.ReadDueAsync(fromBucket, toBucket, cancellation);

            public ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => inner.ReadFirstDueBucketAsync(cancellation);

            public IAsyncEnumerable<StoredUser> ReadAllUsersAsync(CancellationToken cancellation) => inner.ReadAllUsersAsync(cancellation);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
