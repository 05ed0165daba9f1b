using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Snapshot;
using Streaming.Snapshots.Cassandra;
using Xunit;

namespace Streaming.Snapshots.Tests;

/// <summary>The contract over a real node: one keyspace for all tests (tables take seconds to create), partitions of its own for each.</summary>
public sealed class CassandraSnapshotStoreTests(TestKeyspace keyspace) : DurableStoreContract, IClassFixture<TestKeyspace>
{
    private static int _tests;

    private protected override int FirstPartition { get; } = Interlocked.Increment(ref _tests) * 1000;

    private protected override ISnapshotStore Open() => Open(new CassandraOptions());

    [Theory]
    [InlineData(0)]
    [InlineData(4_194_304)]
    public async Task Rows_of_any_packing_are_read_back(int batchBytes)
    {
        await using var store = Open(new CassandraOptions { BatchBytes = batchBytes, ConcurrentRequests = 3 });
        await using var shard = await store.OpenShardAsync(FirstPartition, Stop);
        var flush = new Flushes(5);
        for (var i = 0; i < 700; i++) flush.Row($"u:{i:d3}", $"{i}").Due(i % 3, $"u:{i:d3}", DueKind.ChurnCheck, i);
        await shard.WriteAsync(flush.Build(), Stop);
        Assert.Equal(Enumerable.Range(0, 700).Select(i => $"u:{i:d3}={i}@5"), await All(shard));
        Assert.Equal(700, (await shard.ReadDueAsync(0, 2, Stop)).Count);
    }

    [Fact]
    public async Task Empty_buckets_are_cleared_while_flushes_go_on()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition, Stop);
        for (var i = 1; i <= 130; i++)
            await shard.WriteAsync(new Flushes(i).Due(i, "u:a", DueKind.SessionEnd, i).NotDue(i - 1, "u:a", DueKind.SessionEnd).Build(), Stop);
        Assert.Equal(["130 u:a SessionEnd 130 @130"], Lines(await shard.ReadDueAsync(0, 1000, Stop)));
        Assert.Equal(130, await shard.ReadFirstDueBucketAsync(Stop));
    }

    /// <summary>More than Cassandra lets a read pass over where they are deletions (<c>tombstone_failure_threshold</c>, 100,000).</summary>
    [Fact]
    public async Task Bucket_of_which_a_hundred_thousand_entries_moved_on_is_still_read()
    {
        const int Entries = 110_000;
        await using var shard = await Store.OpenShardAsync(FirstPartition, Stop);
        for (var (from, time) = (0, 1L); from < Entries; from += 10_000, time += 2)
        {
            var (came, went) = (new Flushes(time), new Flushes(time + 1));
            for (var i = from; i < from + 10_000; i++)
            {
                came.Due(7, $"u:{i:d6}", DueKind.ChurnCheck, i);
                went.NotDue(7, $"u:{i:d6}", DueKind.ChurnCheck);
            }

            await shard.WriteAsync(came.Build(), Stop);
            await shard.WriteAsync(went.Build(), Stop);
        }

        await shard.WriteAsync(new Flushes(1000).Due(7, "u:zzz", DueKind.ChurnCheck, 1).Build(), Stop);
        Assert.Equal(["7 u:zzz ChurnCheck 1 @1000"], Lines(await shard.ReadDueAsync(0, 1000, Stop)));
        Assert.Equal(7, await shard.ReadFirstDueBucketAsync(Stop));
    }

    [Fact]
    public async Task Keyspace_missing_and_not_to_be_created_is_named()
    {
        await using var store = Open(new CassandraOptions { CreateMissing = false }, "never_created");
        var error = await Assert.ThrowsAsync<Core.Errors.StoreUnavailableException>(async () => await store.PrepareAsync(Stop));
        Assert.Contains("never_created", error.Message, StringComparison.Ordinal);
    }

    private ISnapshotStore Open(CassandraOptions options, string? name = null) =>
        CassandraStoreFactory.Create(options with { ContactPoints = TestKeyspace.Node(), Keyspace = name ?? keyspace.Name }, NullLogger.Instance);
}
