using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Items;

public sealed class VectorTablesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batch_full_of_new_items_makes_versions_that_a_record_of_control_can_hold()
    {
        const int Dimensions = 256, Items = 4000;
        var items = new ItemDictionary();
        var tables = new VectorTables(new InMemorySnapshotStore(), null, items, Dimensions);
        var numbers = Enumerable.Range(0, Items).Select(i => items.GetOrAdd(Encoding.UTF8.GetBytes($"item-{i:d5}"))).ToList();
        var made = await tables.ExtendAsync(new ItemVectorTable(items, Dimensions), numbers, Stop);
        Assert.InRange(made.Count, 2, 20);
        Assert.All(made, m => Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(new ControlTable { Sha256 = m.Version.Sha256, Bytes = m.Bytes }, ContractsJson.Default.ControlTable).Length, 1, 1_000_000));
        Assert.Equal(Enumerable.Range(0, Items).Select(i => $"item-{i:d5}"), made.SelectMany(m => m.Version.Entries).Select(e => Encoding.UTF8.GetString(e.ItemId)));
    }

    [Fact]
    public async Task Version_that_the_store_lost_is_written_again_from_its_logged_bytes()
    {
        var items = new ItemDictionary();
        var made = Assert.Single(await new VectorTables(new InMemorySnapshotStore(), null, items, 8).ExtendAsync(new ItemVectorTable(items, 8), [items.GetOrAdd("i"u8)], Stop));
        var empty = new InMemorySnapshotStore();
        var tables = new VectorTables(empty, null, items, 8);
        await Assert.ThrowsAsync<CorruptRowException>(async () => await tables.LoadAsync(made.Version.Sha256, isBase: false, logged: null, Stop));
        await Assert.ThrowsAsync<CorruptRowException>(async () => await tables.LoadAsync(made.Version.Sha256, isBase: false, logged: [1, 2, 3], Stop));
        Assert.Equal("i", Encoding.UTF8.GetString((await tables.LoadAsync(made.Version.Sha256, isBase: false, made.Bytes, Stop)).Entries.Single().ItemId));
        Assert.Equal(made.Bytes, await empty.ReadBlobAsync(VectorTables.BlobName(made.Version.Sha256), Stop));
    }

    [Fact]
    public async Task Side_replay_takes_a_table_of_the_shard_s_chain_from_memory_and_any_other_from_the_store()
    {
        var items = new ItemDictionary();
        var memory = new ShardMemory(items, 2, new ShardOptions());
        memory.State.AddTable("old", isBase: false, [("gone"u8.ToArray(), [9, 9])]);
        memory.State.AddTable("base", isBase: true, [("a"u8.ToArray(), [1, 2]), ("b"u8.ToArray(), [3, 4])]);
        memory.State.AddTable("more", isBase: false, [("b"u8.ToArray(), [7, 7]), ("c"u8.ToArray(), [5, 6])]);
        memory.State.AddTable("none", isBase: false, []);
        var known = new KnownTables(memory, new VectorTables(new InMemorySnapshotStore(), null, items, 2));

        var again = new ShardState(items, 2);
        foreach (var (sha256, isBase) in memory.State.Tables.Skip(1)) again.AddTable(sha256, isBase, (await known.LoadAsync(sha256, isBase, null, Stop)).Entries);

        foreach (var id in (string[])["a", "b", "c", "gone"])
        {
            var item = items.GetOrAdd(Encoding.UTF8.GetBytes(id));
            Assert.Equal(memory.State.Vectors.Vector(item), again.Vectors.Vector(item));
        }

        await Assert.ThrowsAsync<CorruptRowException>(async () => await known.LoadAsync("old", isBase: false, null, Stop));
    }

    [Fact]
    public async Task Shards_that_ask_for_a_base_at_the_same_time_share_one_read_and_one_copy()
    {
        var store = new SlowBlobs();
        var items = new ItemDictionary();
        var tables = new VectorTables(store, null, items, 8);
        await tables.UseBaseAsync(Base(3), Stop);
        var first = tables.LoadAsync(tables.BaseSha256!, isBase: true, logged: null, Stop).AsTask();
        using var leaves = new CancellationTokenSource();
        var leaving = tables.LoadAsync(tables.BaseSha256!, isBase: true, logged: null, leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        var second = tables.LoadAsync(tables.BaseSha256!, isBase: true, logged: null, Stop).AsTask();
        Assert.Equal(1, store.Reads);
        store.Answer();

        var (one, other) = (new ShardState(items, 8), new ShardState(items, 8));
        one.AddTable((await first).Sha256, isBase: true, (await first).Entries);
        other.AddTable((await second).Sha256, isBase: true, (await second).Entries);
        Assert.True(one.Vectors.VectorsOf(0) == other.Vectors.VectorsOf(0)); // the same memory
        Assert.Equal(3, one.Vectors.Count);

        // What comes on top is the shard's own.
        one.AddTable("more", isBase: false, [("item-1"u8.ToArray(), new float[8]), ("new"u8.ToArray(), [1, 2, 3, 4, 5, 6, 7, 8])]);
        Assert.Equal((4, 3), (one.Vectors.Count, other.Vectors.Count));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], one.Vectors.Vector(items.GetOrAdd("new"u8)).ToArray());
        Assert.Equal((1, 2, 0), (one.Vectors.VersionOf(items.GetOrAdd("item-1"u8)), one.Vectors.VersionOf(items.GetOrAdd("new"u8)), other.Vectors.VersionOf(items.GetOrAdd("new"u8))));
        Assert.Equal((await first).Entries.Select(e => e.Vector), one.Vectors.EntriesOf(tables.BaseSha256!)!.Select(e => e.Vector));
        Assert.Equal("new", Encoding.UTF8.GetString(Assert.Single(one.Vectors.EntriesOf("more")!).ItemId));

        // Asked for again, the store is asked again: it may have been put back from a backup meanwhile. The copy is the one that is there.
        store.Forget();
        await Assert.ThrowsAsync<CorruptRowException>(async () => await tables.LoadAsync(tables.BaseSha256!, isBase: true, logged: null, Stop));
        var logged = Base(3);
        Assert.Same((await first).Entries, (await tables.LoadAsync(tables.BaseSha256!, isBase: true, logged, Stop)).Entries);
        Assert.Equal(logged, await store.ReadBlobAsync(VectorTables.BlobName(tables.BaseSha256!), Stop));
    }

    private static byte[] Base(int count) => VectorTableBlob.Write(8, Enumerable.Range(0, count).Select(i => new VectorTableEntry(Encoding.UTF8.GetBytes($"item-{i}"), [i, 1, 2, 3, 4, 5, 6, 7])));

    /// <summary>A store whose first read is answered when the test says so.</summary>
    private sealed class SlowBlobs : ISnapshotStore
    {
        private readonly TaskCompletionSource _answered = new();
        private InMemorySnapshotStore _store = new();

        public int Reads { get; private set; }

        public string Description => _store.Description;

        public void Answer() => _answered.SetResult();

        public void Forget() => _store = new InMemorySnapshotStore();

        public ValueTask PrepareAsync(CancellationToken cancellation) => _store.PrepareAsync(cancellation);

        public ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation) => _store.OpenShardAsync(partition, cancellation);

        public async ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation)
        {
            Reads++;
            await _answered.Task;
            return await _store.ReadBlobAsync(name, cancellation);
        }

        public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => _store.WriteBlobAsync(name, bytes, cancellation);

        public ValueTask DisposeAsync() => _store.DisposeAsync();
    }
}
