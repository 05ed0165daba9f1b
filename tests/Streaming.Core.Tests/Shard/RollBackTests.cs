using System.Runtime.CompilerServices;
using Streaming.Core.Errors;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

/// <summary>The store goes back under a running shard; a hand-off of what is not committed; settings that change what old events mean.</summary>
public sealed class RollBackTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Store_rolled_back_under_the_shard_is_noticed_and_loses_nothing(int seed)
    {
        var store = new ReplaceableStore();
        var h = new ShardHarness(store: store);
        h.Options = h.Options with { MaxResidentUsers = 3, MaxCompactBytes = 0, MaxRememberedRows = 8 };
        await using var running = await h.OpenAsync();
        Append(h, seed, 0);
        await h.RunToEndAsync(running);
        var backup = await CopyAsync(store.Inner);
        Append(h, seed, 1);
        await h.RunToEndAsync(running, takeOver: false);
        store.Inner = backup;
        Append(h, seed, 2);
        var takeOvers = await h.RunToEndAsync(running, takeOver: false);

        Assert.True(takeOvers > 0, "nobody noticed");
        await running.HandOffAsync(TestContext.Current.CancellationToken);
        await AssertReplayIsEqualAsync(h);
    }

    [Fact]
    public async Task Rows_ahead_of_R_are_written_again_since_a_roll_back_to_R_takes_them_unseen()
    {
        var store = new ReplaceableStore();
        var h = new ShardHarness(store: store);
        Append(h, 1, 0);
        await using (var first = await h.OpenAsync())
        {
            await h.RunToEndAsync(first);
            await first.HandOffAsync(TestContext.Current.CancellationToken);
        }

        var backup = await CopyAsync(store.Inner);
        Append(h, 1, 1);
        await using (var second = await h.OpenAsync()) await h.RunToEndAsync(second);
        store.Inner = await CopyAsync(store.Inner, markOf: backup); // its last flush came to the rows and not to R

        await using var third = await h.OpenAsync();
        await third.TakeOverAsync(TestContext.Current.CancellationToken);
        store.Inner = backup; // R is what it was
        await third.HandOffAsync(TestContext.Current.CancellationToken);
        await AssertReplayIsEqualAsync(h);
    }

    [Fact]
    public async Task Users_row_stands_for_R_where_there_is_none_yet()
    {
        var stop = TestContext.Current.CancellationToken;
        byte[] key = [.. "u:one"u8];
        await using var rows = await new InMemorySnapshotStore().OpenShardAsync(0, stop);
        await rows.WriteAsync(Flush(key, 5, []), stop);
        var mark = new StoreMark(rows, new ShardOptions());
        mark.Restart(0);
        mark.Witness(key, 5);
        await mark.CheckAsync(stop);

        await using var rolledBack = await new InMemorySnapshotStore().OpenShardAsync(0, stop);
        var behind = new StoreMark(rolledBack, new ShardOptions());
        behind.Witness(key, 5);
        await Assert.ThrowsAsync<StoreRolledBackException>(async () => await behind.CheckAsync(stop));
        await rolledBack.WriteAsync(Flush(key, 4, []), stop);
        await Assert.ThrowsAsync<StoreRolledBackException>(async () => await behind.CheckAsync(stop));

        await rolledBack.WriteAsync(Flush(key, 6, [1]), stop);
        behind.Raise(6); // R is there: it counts from now on
        await behind.CheckAsync(stop);
        behind.Raise(7);
        await Assert.ThrowsAsync<StoreRolledBackException>(async () => await behind.CheckAsync(stop));
    }

    // Seed 1022 of the simulation: R of an empty shard, a flush beside a profile that was held back, so that R could not be written, and a store put back to before it: R was what it had been.
    [Fact]
    public async Task Users_row_stands_for_an_R_that_could_not_be_written_with_it()
    {
        var stop = TestContext.Current.CancellationToken;
        byte[] key = [.. "u:one"u8];
        await using var rows = await new InMemorySnapshotStore().OpenShardAsync(0, stop);
        await rows.WriteAsync(Flush([.. "u:other"u8], 1, [1]), stop);
        var mark = new StoreMark(rows, new ShardOptions());
        mark.Restart(1);
        mark.Witness(key, 10);
        await Assert.ThrowsAsync<StoreRolledBackException>(async () => await mark.CheckAsync(stop));

        await rows.WriteAsync(Flush(key, 10, []), stop);
        await mark.CheckAsync(stop);
        mark.Raise(11); // R is later than the row: it counts from now on
        await Assert.ThrowsAsync<StoreRolledBackException>(async () => await mark.CheckAsync(stop));
    }

    [Fact]
    public async Task Hand_off_of_a_batch_that_is_not_committed_is_refused()
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 20, 1);
        await using var shard = await h.OpenAsync();
        await shard.TakeOverAsync(TestContext.Current.CancellationToken);
        await shard.WorkAsync(await shard.IngestAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await shard.HandOffAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await h.ProfilesAsync());
        await h.RunToEndAsync(shard);
        await shard.HandOffAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(await h.ProfilesAsync());
    }

    [Fact]
    public async Task Hand_off_after_a_batch_cut_short_is_refused()
    {
        var h = new ShardHarness();
        ShopTraffic.Append(h.Kafka, 20, 1);
        await using var shard = await h.OpenAsync();
        await shard.TakeOverAsync(TestContext.Current.CancellationToken);
        var batch = await shard.IngestAsync(TestContext.Current.CancellationToken);
        h.Kafka.OnStep = _ => throw new IndefiniteOutcomeException("cut");
        await shard.WorkAsync(batch, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<IndefiniteOutcomeException>(async () => await shard.CommitAsync(batch, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await shard.HandOffAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await h.ProfilesAsync());
    }

    [Fact]
    public async Task Replay_clamps_by_the_allowance_in_force_when_the_event_came()
    {
        var h = new ShardHarness();
        h.Kafka.Append("events", "u1", $$"""{"type":"view","userId":"u1","itemId":"i1","occurredAt":{{h.Kafka.NowMs + 86_400_000}}}""");
        await using (var shard = await h.OpenAsync())
        {
            await h.RunToEndAsync(shard);
            await shard.HandOffAsync(TestContext.Current.CancellationToken);
        }

        h.Fold = h.Fold with { FutureAllowance = TimeSpan.FromHours(2) };
        await AssertReplayIsEqualAsync(h);
    }

    [Fact]
    public async Task Tables_that_R_names_and_the_store_lost_come_back_from_the_log()
    {
        var (h, rowsOnly) = await HandedOffAndWithoutTablesAsync();
        await using (var shard = await rowsOnly.OpenAsync())
        {
            await shard.TakeOverAsync(TestContext.Current.CancellationToken);
            await shard.HandOffAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(await h.ProfilesAsync(), await rowsOnly.ProfilesAsync());
        foreach (var sha256 in h.Kafka.Batches(0).SelectMany(b => b.Facts ?? []).Select(f => f.Sha256).OfType<string>())
            Assert.Equal(await h.Store.ReadBlobAsync(VectorTables.BlobName(sha256), TestContext.Current.CancellationToken), await rowsOnly.Store.ReadBlobAsync(VectorTables.BlobName(sha256), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Tables_that_neither_the_store_nor_the_log_holds_stop_the_shard()
    {
        var (h, rowsOnly) = await HandedOffAndWithoutTablesAsync();
        h.Kafka.LogStarts["control"] = h.Kafka.Batches(0).Last().ControlTo; // retention took the tables
        await using var late = await rowsOnly.OpenAsync();
        var error = await Assert.ThrowsAsync<CorruptRowException>(async () => await late.TakeOverAsync(TestContext.Current.CancellationToken));
        Assert.Contains("does not hold vector table", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A shard that was handed off, and the same with the rows of its store alone.</summary>
    private static async Task<(ShardHarness Whole, ShardHarness RowsOnly)> HandedOffAndWithoutTablesAsync()
    {
        var h = new ShardHarness();
        Append(h, 1, 0);
        await using (var shard = await h.OpenAsync())
        {
            await h.RunToEndAsync(shard);
            await shard.HandOffAsync(TestContext.Current.CancellationToken);
        }

        var rowsOnly = new ShardHarness(kafka: h.Kafka, store: await CopyAsync((InMemorySnapshotStore)h.Store)) { Options = h.Options, Fold = h.Fold };
        return (h, rowsOnly);
    }

    private static async Task AssertReplayIsEqualAsync(ShardHarness h)
    {
        var empty = h.WithEmptyStore();
        await using var replay = await empty.OpenAsync();
        await replay.TakeOverAsync(TestContext.Current.CancellationToken);
        await replay.HandOffAsync(TestContext.Current.CancellationToken);
        Assert.Equal(await h.ProfilesAsync(), await empty.ProfilesAsync());
    }

    private static FlushBatch Flush(byte[] key, long writeTime, byte[] shardRow) =>
        new() { WriteTime = writeTime, Bytes = new byte[] { 7 }, Rows = [new FlushRow(key, 0, 1)], DueUpserts = [], DueDeletes = [], ShardRow = shardRow };

    private static void Append(ShardHarness h, int seed, int part) => ShopTraffic.Append(h.Kafka, 100, (seed * 10) + part, ShopTraffic.Start + (part * 86_400_000L), "e" + part + "-");

    private static async Task<InMemorySnapshotStore> CopyAsync(InMemorySnapshotStore store, InMemorySnapshotStore? markOf = null)
    {
        var copy = new InMemorySnapshotStore();
        await using var from = await store.OpenShardAsync(0, default);
        await using var to = await copy.OpenShardAsync(0, default);
        await foreach (var user in from.ReadAllUsersAsync(default))
            await to.WriteAsync(new FlushBatch { WriteTime = user.WriteTime, Bytes = user.Blob, Rows = [new FlushRow(user.Key, 0, user.Blob.Length)], DueUpserts = [], DueDeletes = [], ShardRow = default }, default);
        await using var mark = await (markOf ?? store).OpenShardAsync(0, default);
        var row = await mark.ReadShardAsync(default);
        await to.WriteAsync(new FlushBatch { WriteTime = row.WriteTime, Bytes = default, Rows = [], DueUpserts = await mark.ReadDueAsync(0, long.MaxValue, default), DueDeletes = [], ShardRow = row.Blob }, default);
        return copy;
    }

    /// <summary>A store that can become another one while it is open, as a backup put back does it. Tables stay.</summary>
    private sealed class ReplaceableStore : ISnapshotStore
    {
        private readonly InMemorySnapshotStore _blobs = new();

        public InMemorySnapshotStore Inner { get; set; } = new();

        public string Description => "replaceable";

        public ValueTask PrepareAsync(CancellationToken cancellation) => default;

        public ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation) => new(new Shard(this, partition));

        public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation) => _blobs.ReadBlobAsync(name, cancellation);

        public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => _blobs.WriteBlobAsync(name, bytes, cancellation);

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Shard(ReplaceableStore store, int partition) : IShardStore
    {
        public async ValueTask<StoredRow> ReadShardAsync(CancellationToken cancellation) => await (await InnerAsync(cancellation)).ReadShardAsync(cancellation);

        public async ValueTask<StoredRow[]> ReadUsersAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellation) => await (await InnerAsync(cancellation)).ReadUsersAsync(keys, cancellation);

        public async ValueTask WriteAsync(FlushBatch batch, CancellationToken cancellation) => await (await InnerAsync(cancellation)).WriteAsync(batch, cancellation);

        public async ValueTask<IReadOnlyList<DueEntry>> ReadDueAsync(long fromBucket, long toBucket, CancellationToken cancellation) => await (await InnerAsync(cancellation)).ReadDueAsync(fromBucket, toBucket, cancellation);

        public async ValueTask<long?> ReadFirstDueBucketAsync(CancellationToken cancellation) => await (await InnerAsync(cancellation)).ReadFirstDueBucketAsync(cancellation);

        public async IAsyncEnumerable<StoredUser> ReadAllUsersAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var user in (await InnerAsync(cancellation)).ReadAllUsersAsync(cancellation)) yield return user;
        }

        public ValueTask DisposeAsync() => default;

        private ValueTask<IShardStore> InnerAsync(CancellationToken cancellation) => store.Inner.OpenShardAsync(partition, cancellation);
    }
}
