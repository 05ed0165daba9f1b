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
}
