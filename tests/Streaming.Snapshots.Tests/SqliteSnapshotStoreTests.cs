using Microsoft.Data.Sqlite;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;
using Streaming.Snapshots.Sqlite;
using Xunit;

namespace Streaming.Snapshots.Tests;

public sealed class SqliteSnapshotStoreTests : DurableStoreContract
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "streaming-store-" + Guid.NewGuid().ToString("N"));

    private string ShardPath => Path.Combine(_folder, "shard-00000.db");

    private protected override ISnapshotStore Open() => Open(new SqliteOptions());

    private protected override void Clean()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Folder_of_another_host_is_refused_and_Cassandra_named()
    {
        await using var other = Open(new SqliteOptions { HostId = "elsewhere" });
        var error = await Assert.ThrowsAsync<StoreOfAnotherHostException>(async () => await other.PrepareAsync(Stop));
        Assert.Contains("Cassandra", error.Message, StringComparison.Ordinal);
        Assert.Contains("elsewhere", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorAction.Fatal, error.Action);
    }

    [Fact]
    public async Task Processes_of_one_host_share_the_folder()
    {
        await using var second = Open();
        await second.PrepareAsync(Stop);
        await using var mine = await Store.OpenShardAsync(0, Stop);
        await using var theirs = await second.OpenShardAsync(0, Stop);
        await mine.WriteAsync(new Flushes(1).Row("u:a", "A").Build(), Stop);
        Assert.Equal(["A@1"], await Read(theirs, "u:a"));
    }

    [Fact]
    public async Task File_that_is_not_SQLite_is_refused_as_damaged()
    {
        await File.WriteAllTextAsync(ShardPath, new string('x', 10_000), Stop);
        var error = await Assert.ThrowsAsync<CorruptRowException>(async () => await Store.OpenShardAsync(0, Stop));
        Assert.Contains("shard-00000.db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_with_damaged_pages_is_an_error_never_a_missing_row()
    {
        await using (var shard = await Store.OpenShardAsync(0, Stop))
        {
            var flush = new Flushes(1);
            for (var i = 0; i < 2000; i++) flush.Row($"u:{i:d4}", new string('x', 500));
            await shard.WriteAsync(flush.Build(), Stop);
        }

        await using (var file = new FileStream(ShardPath, FileMode.Open))
        {
            var noise = new byte[file.Length - 8192];
            new Random(3).NextBytes(noise);
            file.Position = 8192;
            await file.WriteAsync(noise, Stop);
        }

        await Assert.ThrowsAsync<CorruptRowException>(
            async () =>
            {
                await using var shard = await Store.OpenShardAsync(0, Stop);
                await shard.ReadUsersAsync([.. Enumerable.Range(0, 2000).Select(i => Flushes.Key($"u:{i:d4}"))], Stop);
            });
    }

    [Theory]
    [InlineData("PRAGMA user_version = 99", "version 99")]
    [InlineData("PRAGMA application_id = 7", "another program")]
    public async Task File_of_another_version_or_program_is_refused(string change, string named)
    {
        await (await Store.OpenShardAsync(0, Stop)).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={ShardPath};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
            command.CommandText = change;
            await command.ExecuteNonQueryAsync(Stop);
        }

        var error = await Assert.ThrowsAsync<CorruptRowException>(async () => await Store.OpenShardAsync(0, Stop));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_locked_for_longer_than_the_timeout_is_unavailable_and_works_afterwards()
    {
        await using var impatient = Open(new SqliteOptions { BusyTimeoutMs = 50 });
        await using var shard = await impatient.OpenShardAsync(0, Stop);
        var flush = new Flushes(1).Row("u:a", "A").Build();
        await using (var connection = new SqliteConnection($"Data Source={ShardPath};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using var held = connection.BeginTransaction(deferred: false);
            var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await shard.WriteAsync(flush, Stop));
            Assert.Equal(ErrorAction.Retry, error.Action);
        }

        await shard.WriteAsync(flush, Stop);
        Assert.Equal(["A@1"], await Read(shard, "u:a"));
    }

    [Fact]
    public async Task Flush_that_fails_midway_leaves_nothing()
    {
        await using var shard = await Store.OpenShardAsync(0, Stop);
        await shard.WriteAsync(new Flushes(1).Row("u:a", "A").Build(), Stop);
        var good = new Flushes(2).Row("u:a", "B").Row("u:b", "B").Build();
        var cut = new FlushBatch
        {
            WriteTime = 2, Bytes = good.Bytes[..1], Rows = good.Rows, DueUpserts = [], DueDeletes = [], ShardRow = good.ShardRow,
        };
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await shard.WriteAsync(cut, Stop));
        Assert.Equal(["A@1", "-"], await Read(shard, "u:a", "u:b"));
        await shard.WriteAsync(good, Stop);
        Assert.Equal(["B@2", "B@2"], await Read(shard, "u:a", "u:b"));
    }

    [Fact]
    public async Task Log_is_copied_back_and_stays_bounded()
    {
        await using var store = Open(new SqliteOptions { CheckpointMiB = 1 });
        await using var shard = await store.OpenShardAsync(0, Stop);
        for (var round = 1; round <= 20; round++)
        {
            var flush = new Flushes(round);
            for (var i = 0; i < 500; i++) flush.Row($"u:{i}", new string('x', 1000));
            await shard.WriteAsync(flush.Build(), Stop);
        }

        Assert.InRange(new FileInfo(ShardPath + "-wal").Length, 0, 5L << 20);
    }

    [Fact]
    public async Task Shard_closed_twice_answers_unavailable()
    {
        var shard = await Store.OpenShardAsync(0, Stop);
        await shard.DisposeAsync();
        await shard.DisposeAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await shard.ReadShardAsync(Stop));
    }

    [Fact]
    public void Options_with_many_errors_name_each_of_them()
    {
        var options = new SqliteOptions { Folder = " ", Synchronous = "off", PageBytes = 5000, CacheMiB = 0, CheckpointMiB = 0, BusyTimeoutMs = -1, QueueCalls = 0, ScanRows = 0 };
        Assert.Equal(8, options.Validate().Count());
        Assert.Empty(new SqliteOptions().Validate());
        var error = Assert.Throws<ArgumentException>(() => new SqliteSnapshotStore(options));
        Assert.Contains("Synchronous", error.Message, StringComparison.Ordinal);
    }

    private SqliteSnapshotStore Open(SqliteOptions options) => new(options with { Folder = _folder });
}
