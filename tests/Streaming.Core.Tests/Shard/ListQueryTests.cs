using System.Text.Json;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Core.Tests.Items;
using Xunit;

namespace Streaming.Core.Tests.Shard;

public sealed class ListQueryTests
{
    private const long Start = 1_799_999_000_000;
    private static readonly string[] Shelf = ["i0", "i1", "i2", "i3", "i4", "i5"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asked_list_is_the_one_in_the_topic_and_leaves_no_trace()
    {
        var h = Harness();
        Append(h);
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        var emitted = Assert.Single(h.Kafka.Committed("recommendations", 0));
        var (list, isKnown) = Parsed(await AskAsync(shard, UserKey.User("u1"), 0));
        using var document = JsonDocument.Parse(emitted);

        Assert.True(isKnown);
        foreach (var name in (string[])["userId", "surface", "items", "sourcePartition", "occurredAt"])
            Assert.Equal(document.RootElement.GetProperty(name).GetRawText(), list.GetProperty(name).GetRawText());
        Assert.StartsWith("q-0-1-", list.GetProperty("recommendationId").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, list.GetProperty("appliedEvents").GetInt64());
        _ = Assert.Single(h.Kafka.Committed("recommendations", 0));
        Append(h, "b"); // and the next event has its list, whatever was asked
        await h.RunToEndAsync(shard, takeOver: false);
        Assert.Equal(2, h.Kafka.Committed("recommendations", 0).Count());
    }

    [Fact]
    public async Task Asked_for_more_or_fewer_items_there_are_as_many()
    {
        var h = Harness();
        Append(h);
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        Assert.Equal(h.Options.ListLength, Items(await AskAsync(shard, UserKey.User("u1"), 0)).Length);
        _ = Assert.Single(Items(await AskAsync(shard, UserKey.User("u1"), 1)));
        var all = Items(await AskAsync(shard, UserKey.User("u1"), 100));
        Assert.True(all.Length > h.Options.ListLength);
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public async Task Unknown_and_erased_users_get_what_anybody_would_get()
    {
        var h = Harness();
        Append(h);
        h.Kafka.Append("events", "u1", $$"""{"eventId":"e","type":"erase","userId":"u1","occurredAt":{{Start + 1}}}""");
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        var (nobody, isKnown) = Parsed(await AskAsync(shard, UserKey.Guest("nobody"), 0));
        Assert.False(isKnown);
        Assert.Equal("unknown_user", nobody.GetProperty("degraded").GetString());
        Assert.Equal("nobody", nobody.GetProperty("anonymousId").GetString());
        Assert.False(nobody.TryGetProperty("sourceOffset", out _));
        Assert.True(nobody.GetProperty("items").GetArrayLength() > 0);
        var (erased, isErasedKnown) = Parsed(await AskAsync(shard, UserKey.User("u1"), 0));
        Assert.False(isErasedKnown);
        Assert.Equal(nobody.GetProperty("items").GetRawText(), erased.GetProperty("items").GetRawText());
    }

    [Fact]
    public async Task List_asked_for_is_given_once_its_batch_is_committed()
    {
        var h = Harness();
        Append(h);
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        Append(h, "b");
        var batch = await shard.IngestAsync(Stop);
        var answer = shard.RecommendAsync(UserKey.User("u1"), 0, Stop);
        await shard.WorkAsync(batch, Stop);
        Assert.False(answer.IsCompleted);
        await shard.CommitAsync(batch, Stop);
        Assert.Equal(2, Parsed(await answer).List.GetProperty("appliedEvents").GetInt64());
    }

    private static ShardHarness Harness() => new()
    {
        Learn = index =>
        {
            index.Apply(Enumerable.Range(0, 20).Select(s => TestShop.Views($"s{s}", (ulong)s + 100, Start - 60_000 + s, [Shelf[s % 6], Shelf[(s + 1) % 6], Shelf[(s + 2) % 6]])));
            index.Refresh();
        },
    };

    private static void Append(ShardHarness h, string id = "a") =>
        h.Kafka.Append("events", "u1", $$"""{"eventId":"{{id}}","type":"view","userId":"u1","itemId":"i1","occurredAt":{{Start}}}""");

    private static async Task<UserList> AskAsync(UserShard shard, UserKey user, int length)
    {
        var answer = shard.RecommendAsync(user, length, Stop);
        var batch = await shard.IngestAsync(Stop);
        await shard.WorkAsync(batch, Stop);
        await shard.CommitAsync(batch, Stop);
        return await answer;
    }

    private static (JsonElement List, bool IsKnown) Parsed(UserList answer)
    {
        using var document = JsonDocument.Parse(answer.Json);
        return (document.RootElement.Clone(), answer.IsKnown);
    }

    private static string[] Items(UserList answer) => [.. Parsed(answer).List.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!)];
}
