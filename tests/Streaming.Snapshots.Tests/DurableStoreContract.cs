using Streaming.Core.Snapshot;
using Xunit;

namespace Streaming.Snapshots.Tests;

/// <summary>What stores promise beyond the life of a handle.</summary>
public abstract class DurableStoreContract : SnapshotStoreContract
{
    [Fact]
    public async Task Store_opened_again_sees_all()
    {
        await using (var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop))
            await shard.WriteAsync(new Flushes(4).Row("u:a", "A").Due(2, "u:a", DueKind.ChurnCheck, 22).Build("R"), Stop);
        await Store.WriteBlobAsync("topology", Flushes.Bytes("t"), Stop);
        await using var again = Open();
        await again.PrepareAsync(Stop);
        await using var opened = await again.OpenShardAsync(FirstPartition + 0, Stop);
        Assert.Equal("R@4", Flushes.Text(await opened.ReadShardAsync(Stop)));
        Assert.Equal(["A@4"], await Read(opened, "u:a"));
        Assert.Equal(["2 u:a ChurnCheck 22 @4"], Lines(await opened.ReadDueAsync(0, 9, Stop)));
        Assert.Equal(Flushes.Bytes("t"), await again.ReadBlobAsync("topology", Stop));
    }

    [Fact]
    public async Task Call_cancelled_before_it_begins_does_nothing()
    {
        await using var shard = await Store.OpenShardAsync(FirstPartition + 0, Stop);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await shard.WriteAsync(new Flushes(1).Row("u:a", "A").Build(), cancelled.Token));
        Assert.Equal(["-"], await Read(shard, "u:a"));
    }
}
