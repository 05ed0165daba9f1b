using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;
using Streaming.Host.Bench;
using Xunit;

namespace Streaming.Host.Tests.Bench;

public sealed class PopulationRowsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_user_gets_a_row_that_can_be_read_in_the_shard_of_its_key()
    {
        const int Users = 10_000, Shards = 3;
        var rows = await PopulationRows.FoldAsync(items: 500, seed: 1, Cancellation);
        var store = new InMemorySnapshotStore();
        var shards = new IShardStore[Shards];
        for (var p = 0; p < Shards; p++) shards[p] = await store.OpenShardAsync(p, Cancellation);
        await rows.WriteAsync(Users, shards, Cancellation);
        var codec = new UserRowCodec(new ItemDictionary());
        var met = new HashSet<int>();
        for (var p = 0; p < Shards; p++)
        {
            await foreach (var stored in shards[p].ReadAllUsersAsync(Cancellation))
            {
                Assert.Equal(p, Murmur2.Partition(stored.Key.AsSpan(2), Shards));
                Assert.True(met.Add(UserNumber.Of(stored.Key)));
                var user = codec.Decode(stored.Blob, new UserKey(stored.Key));
                Assert.True(user.EventCount > 0);
                Assert.Equal(0, user.AppliedEvents);
                Assert.True(user.LastEventMs < PeerDraw.StartMs);
            }
        }

        Assert.Equal(Users, met.Count);
    }
}
