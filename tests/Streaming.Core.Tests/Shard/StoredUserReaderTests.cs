using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

public sealed class StoredUserReaderTests
{
    [Fact]
    public async Task Read_derives_the_vectors_that_a_row_leaves_out()
    {
        var h = new ShardHarness();
        foreach (var (id, item) in new[] { ("a", "i1"), ("b", "i2"), ("c", "i1") })
            h.Kafka.Append("events", "u1", $$"""{"eventId":"{{id}}","type":"view","userId":"u1","itemId":"{{item}}","occurredAt":1700000000000}""");
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        var live = shard.QueryAsync(UserKey.User("u1"), TestContext.Current.CancellationToken);
        await h.RunToEndAsync(shard, takeOver: false);

        Assert.Null((await h.StoredAsync(UserKey.User("u1")))!.Vectors);
        var items = new ItemDictionary();
        var reader = new StoredUserReader(items, new VectorTables(h.Store, null, items, h.Fold.Dimensions), h.Fold.Dimensions);
        await using var store = await h.Store.OpenShardAsync(0, TestContext.Current.CancellationToken);
        var user = await reader.ReadAsync(store, UserKey.User("u1"), TestContext.Current.CancellationToken);
        var view = UserViews.Of(user!, items, h.Fold, null, user!.LastEventMs);
        Assert.Equal((await live)!.VectorNorms, view.VectorNorms);
        Assert.All(view.VectorNorms, norm => Assert.True(norm > 0));
        Assert.Equal((await live)!.Interests.Count, view.Interests.Count);
        Assert.Null(await reader.ReadAsync(store, UserKey.User("nobody"), TestContext.Current.CancellationToken));
    }
}
