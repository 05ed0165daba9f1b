using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Streaming.Core.Snapshot;
using Xunit;

namespace Streaming.Snapshots.Tests;

/// <summary>What every store promises (<see cref="IShardStore"/>, <see cref="ISnapshotStore"/>); each store runs all of it.</summary>
public abstract class SnapshotStoreContract : IAsyncLifetime
{
    private ISnapshotStore? _store;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected ISnapshotStore Store => _store!;

    /// <summary>A handle on the test's own, empty store; called again for a second process or a restart.</summary>
    private protected abstract ISnapshotStore Open();

    public async ValueTask InitializeAsync()
    {
        _store = Open();
        await _store.PrepareAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        Clean();
        GC.SuppressFinalize(this);
    }

    /// <summary>Where tests share a database, each has partitions of its own from here on.</summary>
    private protected virtual int FirstPartition => 0;

    private protected virtual void Clean()
    {
    }

    [Fact]
    public async Task Shard_never_written_answers_no_rows()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 3, Stop);
        Assert.Null((await shard.ReadShardAsync(Stop)).Blob);
        Assert.Equal(["-", "-"], await Read(shard, "u:a", "u:b"));
        Assert.Empty(await shard.ReadDueAsync(0, 100, Stop));
        Assert.Null(await shard.ReadFirstDueBucketAsync(Stop));
        Assert.Empty(await All(shard));
    }

    [Fact]
    public async Task Flush_is_read_back_in_the_order_of_the_keys_asked()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await shard.WriteAsync(new Flushes(10).Row("u:b", "B").Row("u:a", "A").Row("a:c", "C").Build("R"), Stop);
        Assert.Equal("R@10", Flushes.Text(await shard.ReadShardAsync(Stop)));
        Assert.Equal(["A@10", "-", "C@10", "B@10", "A@10"], await Read(shard, "u:a", "u:none", "a:c", "u:b", "u:a"));
        Assert.Empty(await shard.ReadUsersAsync([], Stop));
    }

    [Fact]
    public async Task Late_writer_loses_for_rows_and_for_the_shard_row()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await using var zombie = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await shard.WriteAsync(new Flushes(20).Row("u:a", "new").Build("new R"), Stop);
        await zombie.WriteAsync(new Flushes(15).Row("u:a", "old").Row("u:b", "other").Build("old R"), Stop);
        Assert.Equal(["new@20", "other@15"], await Read(shard, "u:a", "u:b"));
        Assert.Equal("new R@20", Flushes.Text(await shard.ReadShardAsync(Stop)));
    }

    [Fact]
    public async Task Flush_without_the_shard_row_leaves_the_one_before_or_none()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 5, Stop);
        await shard.WriteAsync(new Flushes(10).Row("a", "first").BuildWithoutShardRow(), Stop);
        Assert.Null((await shard.ReadShardAsync(Stop)).Blob);
        await shard.WriteAsync(new Flushes(20).Row("a", "second").Build("R"), Stop);
        await shard.WriteAsync(new Flushes(30).Row("a", "third").BuildWithoutShardRow(), Stop);
        Assert.Equal("R@20", Flushes.Text(await shard.ReadShardAsync(Stop)));
    }

    [Fact]
    public async Task Newer_write_wins_also_with_smaller_bytes()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await shard.WriteAsync(new Flushes(1).Row("u:a", "zzzzzz").Build("zz"), Stop);
        await shard.WriteAsync(new Flushes(2).Row("u:a", "a").Build("a"), Stop);
        Assert.Equal(["a@2"], await Read(shard, "u:a"));
        Assert.Equal("a@2", Flushes.Text(await shard.ReadShardAsync(Stop)));
    }

    [Fact]
    public async Task Same_flush_repeated_changes_nothing()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await shard.WriteAsync(new Flushes(5).Due(4, "u:a", DueKind.SessionEnd, 44).Build(), Stop);
        var flush = new Flushes(7).Row("u:a", "A").Row("u:b", "B").Due(9, "u:a", DueKind.ChurnCheck, 99).NotDue(4, "u:a", DueKind.SessionEnd).Build();
        for (var i = 0; i < 3; i++) await shard.WriteAsync(flush, Stop);
        Assert.Equal(["A@7", "B@7"], await Read(shard, "u:a", "u:b"));
        Assert.Equal("R7@7", Flushes.Text(await shard.ReadShardAsync(Stop)));
        Assert.Equal(["9 u:a ChurnCheck 99 @7"], Lines(await shard.ReadDueAsync(long.MinValue, long.MaxValue, Stop)));
    }

    [Fact]
    public async Task Due_entries_are_read_by_bucket_range_in_order()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await shard.WriteAsync(
            new Flushes(3).Due(7, "u:b", DueKind.ChurnCheck, 71).Due(7, "u:b", DueKind.SessionEnd, 70).Due(7, "u:a", DueKind.ChurnCheck, 72)
                .Due(-2, "u:z", DueKind.SessionEnd, -20).Due(9, "u:c", DueKind.SessionEnd, 90).Build(),
            Stop);
        Assert.Equal(-2, await shard.ReadFirstDueBucketAsync(Stop));
        Assert.Equal(
            ["7 u:a ChurnCheck 72 @3", "7 u:b SessionEnd 70 @3", "7 u:b ChurnCheck 71 @3", "9 u:c SessionEnd 90 @3"],
            Lines(await shard.ReadDueAsync(0, 9, Stop)));
        Assert.Equal(["-2 u:z SessionEnd -20 @3"], Lines(await shard.ReadDueAsync(-5, 6, Stop)));
        Assert.Empty(await shard.ReadDueAsync(10, 1000, Stop));
    }

    [Fact]
    public async Task Due_entry_is_replaced_and_removed_by_newer_flushes_only()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await shard.WriteAsync(new Flushes(10).Due(1, "u:a", DueKind.SessionEnd, 100).Due(1, "u:b", DueKind.SessionEnd, 101).Build(), Stop);
        await shard.WriteAsync(new Flushes(20).Due(1, "u:a", DueKind.SessionEnd, 110).Build(), Stop);
        await shard.WriteAsync(new Flushes(15).Due(1, "u:a", DueKind.SessionEnd, 90).NotDue(1, "u:a", DueKind.SessionEnd).Build(), Stop);
        Assert.Equal(["1 u:a SessionEnd 110 @20", "1 u:b SessionEnd 101 @10"], Lines(await shard.ReadDueAsync(1, 1, Stop)));
        await shard.WriteAsync(new Flushes(30).NotDue(1, "u:a", DueKind.SessionEnd).NotDue(1, "u:none", DueKind.SessionEnd).Build(), Stop);
        Assert.Equal(["1 u:b SessionEnd 101 @10"], Lines(await shard.ReadDueAsync(1, 1, Stop)));
    }

    // Before a profile leaves memory its entry takes on its row's write time, whichever flush carries it.
    [Fact]
    public async Task Due_entry_written_by_a_later_flush_keeps_its_rows_write_time()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 60, Stop);
        await shard.WriteAsync(new Flushes(10).Row("u:a", "A").Due(1, "u:a", DueKind.SessionEnd, 100).Build(), Stop);
        await shard.WriteAsync(new Flushes(20).Row("u:a", "B").Build(), Stop);
        await shard.WriteAsync(new Flushes(30).Due(1, "u:a", DueKind.SessionEnd, 100, rowWriteTime: 20).Build(), Stop);
        Assert.Equal(["1 u:a SessionEnd 100 @20"], Lines(await shard.ReadDueAsync(1, 1, Stop)));
        await shard.WriteAsync(new Flushes(40).Due(1, "u:a", DueKind.SessionEnd, 90, rowWriteTime: 15).Build(), Stop);
        Assert.Equal(["1 u:a SessionEnd 100 @20"], Lines(await shard.ReadDueAsync(1, 1, Stop)));
        await shard.WriteAsync(new Flushes(50).NotDue(1, "u:a", DueKind.SessionEnd).Build(), Stop);
        Assert.Empty(await shard.ReadDueAsync(1, 1, Stop));
    }

    [Fact]
    public async Task First_due_bucket_moves_on_as_entries_go_and_back_as_they_come()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await shard.WriteAsync(new Flushes(1).Due(5, "u:a", DueKind.SessionEnd, 1).Due(8, "u:a", DueKind.ChurnCheck, 2).Build(), Stop);
        Assert.Equal(5, await shard.ReadFirstDueBucketAsync(Stop));
        await shard.WriteAsync(new Flushes(2).NotDue(5, "u:a", DueKind.SessionEnd).Build(), Stop);
        Assert.Equal(8, await shard.ReadFirstDueBucketAsync(Stop));
        await shard.WriteAsync(new Flushes(3).Due(5, "u:b", DueKind.SessionEnd, 3).Build(), Stop);
        Assert.Equal(5, await shard.ReadFirstDueBucketAsync(Stop));
        await shard.WriteAsync(new Flushes(4).NotDue(5, "u:b", DueKind.SessionEnd).NotDue(8, "u:a", DueKind.ChurnCheck).Build(), Stop);
        Assert.Null(await shard.ReadFirstDueBucketAsync(Stop));
    }

    [Fact]
    public async Task Entry_written_and_removed_in_one_flush_is_gone()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await shard.WriteAsync(new Flushes(1).Due(5, "u:a", DueKind.SessionEnd, 1).NotDue(5, "u:a", DueKind.SessionEnd).Build(), Stop);
        Assert.Empty(await shard.ReadDueAsync(0, 10, Stop));
    }

    [Fact]
    public async Task Shards_are_apart()
    {
        await using var one = await Store.OpenShardAsync(FirstPartition + 1, Stop);
        await using var two = await Store.OpenShardAsync(FirstPartition + 2, Stop);
        await one.WriteAsync(new Flushes(5).Row("u:a", "one").Due(1, "u:a", DueKind.SessionEnd, 1).Build(), Stop);
        await two.WriteAsync(new Flushes(3).Row("u:a", "two").Build(), Stop);
        Assert.Equal(["one@5"], await Read(one, "u:a"));
        Assert.Equal(["two@3"], await Read(two, "u:a"));
        Assert.Equal("R3@3", Flushes.Text(await two.ReadShardAsync(Stop)));
        Assert.Empty(await two.ReadDueAsync(0, 10, Stop));
        Assert.Equal(["u:a=two@3"], await All(two));
    }

    [Fact]
    public async Task Two_handles_that_write_at_once_end_with_the_newest_of_each_row()
    {
        await using var first = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        await using var second = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        var keys = Enumerable.Range(0, 40).Select(i => $"u:{i}").ToArray();
        var writers = Enumerable.Range(0, 2).Select(w => Task.Run(
            async () =>
            {
                for (var round = 1; round <= 12; round++)
                {
                    var writeTime = (2 * round) + w;
                    var flush = new Flushes(writeTime);
                    foreach (var key in keys) flush.Row(key, $"v{writeTime}");
                    await (w == 0 ? first : second).WriteAsync(flush.Build(), Stop);
                }
            },
            Stop));
        await Task.WhenAll(writers);
        Assert.All(await Read(first, keys), row => Assert.Equal("v25@25", row));
        Assert.Equal("R25@25", Flushes.Text(await second.ReadShardAsync(Stop)));
    }

    [Fact]
    public async Task Blobs_of_any_size_and_name_are_kept()
    {
        var large = new byte[3_000_001];
        new Random(5).NextBytes(large);
        Assert.Null(await Store.ReadBlobAsync("none", Stop));
        await Store.WriteBlobAsync("vectors/ä:1 2", large, Stop);
        await Store.WriteBlobAsync("vectors/ä:1 2", large, Stop);
        await Store.WriteBlobAsync("empty", ReadOnlyMemory<byte>.Empty, Stop);
        await Store.WriteBlobAsync("topology", Flushes.Bytes("one"), Stop);
        await Store.WriteBlobAsync("topology", Flushes.Bytes("another"), Stop);
        Assert.Equal(large, await Store.ReadBlobAsync("vectors/ä:1 2", Stop));
        Assert.Empty((await Store.ReadBlobAsync("empty", Stop))!);
        Assert.Equal("another", Encoding.UTF8.GetString((await Store.ReadBlobAsync("topology", Stop))!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(1_200_000)]
    public async Task A_blob_whose_name_ends_in_its_hash_is_kept(int length)
    {
        var bytes = RandomBytes(new Random(6), length);
        var name = "table-" + Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Null(await Store.ReadBlobAsync(name, Stop));
        await Store.WriteBlobAsync(name, bytes, Stop);
        await Store.WriteBlobAsync(name, bytes, Stop);
        Assert.Equal(bytes, await Store.ReadBlobAsync(name, Stop));
    }

    [Fact]
    public async Task Many_blobs_come_in_the_order_of_their_names_and_null_for_those_that_are_not_there()
    {
        var random = new Random(7);
        var blobs = Enumerable.Range(0, 40).Select(i => RandomBytes(random, i == 20 ? 600_000 : i + 1)).ToList();
        var names = blobs.ConvertAll(b => "table-" + Convert.ToHexStringLower(SHA256.HashData(b)));
        for (var i = 0; i < blobs.Count; i++)
        {
            if (i != 30) await Store.WriteBlobAsync(names[i], blobs[i], Stop);
        }

        await Store.WriteBlobAsync("plain", Flushes.Bytes("p"), Stop);
        Assert.Equal([.. blobs.Select((b, i) => i == 30 ? null : b), null, Flushes.Bytes("p"), blobs[3]], await Store.ReadBlobsAsync([.. names, "none", "plain", names[3]], Stop));
        Assert.Empty(await Store.ReadBlobsAsync([], Stop));
    }

    // Who reads it compares the hash (VectorTables); the store answers what was written.
    [Fact]
    public async Task A_blob_with_other_bytes_than_its_name_says_comes_back_as_it_was_written()
    {
        var name = "table-" + new string('a', 64);
        await Store.WriteBlobAsync(name, Flushes.Bytes("other"), Stop);
        Assert.Equal("other", Encoding.UTF8.GetString((await Store.ReadBlobAsync(name, Stop))!));
    }

    [Fact]
    public async Task Rows_of_any_bytes_come_back_as_they_were()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        var random = new Random(9);
        var keys = Enumerable.Range(0, 200).Select(_ => new byte[random.Next(1, 40)]).ToArray();
        foreach (var key in keys) random.NextBytes(key);
        keys = [.. keys.DistinctBy(Convert.ToHexString)];
        var flush = new Flushes(9);
        for (var i = 0; i < keys.Length; i++) flush.Row(keys[i], new byte[i % 7 == 0 ? 0 : i * 11]);
        await shard.WriteAsync(flush.Build(), Stop);
        var rows = await shard.ReadUsersAsync(keys, Stop);
        for (var i = 0; i < keys.Length; i++) Assert.Equal(i % 7 == 0 ? 0 : i * 11, rows[i].Blob!.Length);
        var listed = await All(shard, user => Convert.ToHexString(user.Key));
        Assert.Equal(keys.Select(Convert.ToHexString).Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task Fifty_thousand_rows_in_one_flush_are_all_there_in_key_order()
    {
        const int rows = 50_000;
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        var flush = new Flushes(77);
        var blob = new byte[1024];
        for (var i = 0; i < rows; i++)
        {
            BitConverter.TryWriteBytes(blob, i);
            flush.Row(Flushes.Key($"u:{(uint)i * 2654435761u:x8}"), blob);
        }

        await shard.WriteAsync(flush.Build(), Stop);
        var keys = Enumerable.Range(0, rows).Select(i => Flushes.Key($"u:{(uint)i * 2654435761u:x8}")).ToArray();
        var read = await shard.ReadUsersAsync(keys, Stop);
        for (var i = 0; i < rows; i++) Assert.Equal(i, BitConverter.ToInt32(read[i].Blob!));
        var listed = await All(shard, user => Encoding.UTF8.GetString(user.Key));
        Assert.Equal(rows, listed.Count);
        Assert.Equal(listed.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task Any_flushes_in_any_order_leave_the_newest_row_of_each_user()
    {
        var partition = FirstPartition + 100;
        var flush = Gen.Select(Gen.Long[1, 40], Gen.Int[0, 9].Array[0, 6]);
        await flush.Array[1, 12].SampleAsync(
            async flushes =>
            {
                await using var shard = await Store.OpenShardAsync(Interlocked.Increment(ref partition), Stop);
                foreach (var (writeTime, users) in flushes)
                {
                    var batch = new Flushes(writeTime);
                    foreach (var user in users.Distinct()) batch.Row($"u:{user}", $"{user}at{writeTime}");
                    await shard.WriteAsync(batch.Build(), Stop);
                }

                var newest = flushes.SelectMany(f => f.Item2.Select(user => (User: user, WriteTime: f.Item1))).GroupBy(f => f.User, f => f.WriteTime).OrderBy(g => g.Key);
                Assert.Equal(newest.Select(g => $"u:{g.Key}={g.Key}at{g.Max()}@{g.Max()}"), await All(shard));
                var last = flushes.Max(f => f.Item1);
                Assert.Equal($"R{last}@{last}", Flushes.Text(await shard.ReadShardAsync(Stop)));
            },
            iter: 20,
            threads: 1);
    }

    private protected static async Task<string[]> Read(IShardStore shard, params string[] keys) =>
        [.. (await shard.ReadUsersAsync([.. keys.Select(Flushes.Key)], Stop)).Select(Flushes.Text)];

    private protected static Task<List<string>> All(IShardStore shard) =>
        All(shard, user => $"{Encoding.UTF8.GetString(user.Key)}={Encoding.UTF8.GetString(user.Blob)}@{user.WriteTime}");

    private static async Task<List<string>> All(IShardStore shard, Func<StoredUser, string> show)
    {
        var users = new List<string>();
        await foreach (var user in shard.ReadAllUsersAsync(Stop)) users.Add(show(user));
        return users;
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private protected static string[] Lines(IReadOnlyList<DueEntry> entries) =>
        [.. entries.Select(e => $"{e.Bucket} {Encoding.UTF8.GetString(e.Key)} {e.Kind} {e.DueMs} @{e.WriteTime}")];
}
