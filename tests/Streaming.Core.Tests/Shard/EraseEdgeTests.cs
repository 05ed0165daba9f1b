using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>Erasures that are not one erasure of one known user: nobody's, twice, malformed, ten thousand at once; what is left of a person where; and who looks while it happens.</summary>
public sealed class EraseEdgeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erasure_of_somebody_never_seen_is_kept_and_repeating_it_changes_nothing()
    {
        var h = new ShardHarness();
        await using var shard = await h.OpenAsync();
        Erase(h, "nobody");
        await h.RunToEndAsync(shard);
        var first = (await h.StoredAsync(UserKey.User("nobody")))!;
        Assert.True(first is { IsErased: true, EventCount: 0, RingCount: 0 });

        var erasedAt = first.ErasedAt;
        Erase(h, "nobody");
        Erase(h, "nobody");
        await h.RunToEndAsync(shard, takeOver: false);
        var again = (await h.StoredAsync(UserKey.User("nobody")))!;
        Assert.True(again is { IsErased: true, EventCount: 0, RingCount: 0 });
        Assert.True(again.ErasedAt > erasedAt, "a later erasure counts from where it stands");
        Assert.Empty(h.Kafka.Committed("dead-letters", 0));
        Assert.Empty(h.Kafka.Committed("recommendations", 0));
    }

    [Theory]
    [InlineData("""{"type":"erase","userId":"","occurredAt":1800000000000}""")]
    [InlineData("""{"type":"erase","userId":7,"occurredAt":1800000000000}""")]
    [InlineData("""{"type":"erase","userId":"u","occurredAt":"soon"}""")]
    [InlineData("""{"type":"erase","occurredAt":1800000000000}""")]
    [InlineData("""{"type":"erase","userId":"other","occurredAt":1800000000000}""")]
    [InlineData("""{"type":"erase","userId":"u","occurredAt":1800000000000""")]
    public async Task Malformed_erasure_is_a_dead_letter_and_erases_nobody(string json)
    {
        var h = new ShardHarness();
        await using var shard = await h.OpenAsync();
        Purchase(h, "u", 1);
        h.Kafka.Append("events", "u", json);
        await h.RunToEndAsync(shard);
        Assert.Single(h.Kafka.Committed("dead-letters", 0));
        Assert.Equal(1u, (await h.StoredAsync(UserKey.User("u")))!.Counts[(int)EventType.Purchase]);
    }

    [Fact]
    public async Task Ten_thousand_erasures_at_once_all_count_and_memory_keeps_its_bound()
    {
        const int users = 10_000, resident = 500;
        var h = new ShardHarness();
        h.Options = h.Options with { MaxResidentUsers = resident, MaxCompactBytes = 0, MaxBatchRecords = 400, Recommend = false };
        await using var shard = await h.OpenAsync();
        for (var i = 0; i < users; i++) Purchase(h, $"u{i}", i);
        await h.RunToEndAsync(shard);
        for (var i = 0; i < users; i++) Erase(h, $"u{i}");
        var most = 0L;
        for (var isEnd = false; !isEnd;)
        {
            var batch = await shard.IngestAsync(Stop);
            isEnd = batch.Events.AtEnd && batch.Events.Count == 0;
            h.Time.Advance(TimeSpan.FromMilliseconds(11));
            await shard.WorkAsync(batch, Stop);
            await shard.CommitAsync(batch, Stop);
            most = Math.Max(most, shard.Status.ResidentUsers);
        }

        await shard.HandOffAsync(Stop);
        Assert.InRange(most, 1, resident + (2 * h.Options.MaxBatchRecords)); // what the batches in flight touch cannot leave
        for (var i = 0; i < users; i++) Assert.True((await h.StoredAsync(UserKey.User($"u{i}"))) is { IsErased: true, EventCount: 0, BoughtCount: 0 }, $"u{i}");
    }

    [Fact]
    public async Task Nothing_of_an_erased_user_is_left_in_the_store_but_the_key_that_keeps_it_erased()
    {
        const string user = "anna.smith@example.org", item = "a-most-telling-item", session = "session-of-anna", query = "very private question";
        var h = new ShardHarness();
        h.Options = h.Options with { FlushInterval = TimeSpan.FromMilliseconds(1) };
        await using var shard = await h.OpenAsync();
        h.Kafka.Append("events", user, $$"""{"type":"view","userId":"{{user}}","itemId":"{{item}}","sessionId":"{{session}}","occurredAt":{{h.Kafka.NowMs}}}""");
        h.Kafka.Append("events", user, $$"""{"type":"search","userId":"{{user}}","query":"{{query}}","sessionId":"{{session}}","occurredAt":{{h.Kafka.NowMs}}}""");
        h.Kafka.Append("events", user, $$"""{"type":"purchase","userId":"{{user}}","itemId":"{{item}}","quantity":1,"unitPrice":2.5,"currency":"EUR","sessionId":"{{session}}","occurredAt":{{h.Kafka.NowMs}}}""");
        await h.RunToEndAsync(shard);
        Assert.Contains(item, await TextAsync(h), StringComparison.Ordinal);
        Erase(h, user);
        h.Kafka.NowMs += 7_200_000; // the entry that would have closed the session goes when its time comes
        Purchase(h, "somebody else", 1);
        await h.RunToEndAsync(shard, takeOver: false);
        await shard.HandOffAsync(Stop);

        var rows = await TextAsync(h);
        foreach (var trace in (string[])[item, session, query, "EUR"]) Assert.DoesNotContain(trace, rows[..rows.IndexOf("somebody else", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Equal(1, rows.Split(user).Length - 1);
        await using var store = await h.Store.OpenShardAsync(0, Stop);
        var due = await store.ReadDueAsync(0, long.MaxValue, Stop);
        Assert.NotEmpty(due);
        Assert.DoesNotContain(due, entry => Encoding.UTF8.GetString(entry.Key).Contains(user, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Item_index_forgets_the_sessions_of_an_erased_user_in_a_rebuild_too()
    {
        var h = new ShardHarness();
        await using var shard = await h.OpenAsync();
        foreach (var user in (string[])["u", "v"])
        {
            View(h, user, "i1");
            View(h, user, "i2");
        }

        h.Kafka.NowMs += 7_200_000;
        View(h, "u", "i3"); // closes both; this one is open when the erasure comes
        await h.RunToEndAsync(shard);
        Assert.Equal(2, Index(h).Stats.Sessions);
        Erase(h, "u");
        h.Kafka.NowMs += 7_200_000;
        View(h, "v", "i3");
        await h.RunToEndAsync(shard, takeOver: false);
        var told = Assert.Single(Sessions(h), session => session.Erased == true);
        Assert.Equal(UserKey.User("u").Hash, told.UserHash);
        Assert.Equal(1, Index(h).Stats.Sessions);

        // Back again: the next session counts.
        View(h, "u", "i1");
        View(h, "u", "i2");
        h.Kafka.NowMs += 7_200_000;
        View(h, "v", "i3");
        await h.RunToEndAsync(shard, takeOver: false);
        Assert.Equal(2, Index(h).Stats.Sessions);
    }

    [Fact]
    public async Task Who_asks_while_a_user_is_erased_gets_all_of_the_profile_or_none()
    {
        var h = new ShardHarness();
        await using var shard = await h.OpenAsync();
        await shard.TakeOverAsync(Stop);
        var asked = new List<(Task<UserView?> Answer, bool IsAfter)>();
        for (var i = 0; i < 9; i++) Purchase(h, "u", i);
        Erase(h, "u");
        var isErased = false;
        for (var isEnd = false; !isEnd;)
        {
            Ask();
            var batch = await shard.IngestAsync(Stop);
            isEnd = batch.Events.AtEnd && batch.Events.Count == 0;
            Ask();
            await shard.WorkAsync(batch, Stop);
            Ask();
            await shard.CommitAsync(batch, Stop);
            isErased |= h.Kafka.CommittedOffsets(0).Events >= 10;
        }

        Assert.True(isErased);
        for (var last = 0; last < 2; last++)
        {
            var batch = await shard.IngestAsync(Stop);
            await shard.WorkAsync(batch, Stop);
            await shard.CommitAsync(batch, Stop);
        }

        var seen = 0;
        foreach (var (answer, isAfter) in asked)
        {
            if (await answer.WaitAsync(TimeSpan.FromSeconds(30), Stop) is not { } view) continue;
            Assert.False(isAfter, "a profile was given after its erasure was committed");
            seen++;
            Assert.Equal((view.EventCount, view.EventCount * 2.5m), (view.Counts["purchase"], view.Amount));
            Assert.Equal(view.EventCount, view.Latest.Count);
        }

        Assert.True(seen > 0 && asked.Exists(a => a.IsAfter), "both before and after were asked for");

        void Ask() => asked.Add((shard.QueryAsync(UserKey.User("u"), Stop), isErased));
    }

    private static async Task<string> TextAsync(ShardHarness h)
    {
        var text = new StringBuilder();
        await using var store = await h.Store.OpenShardAsync(0, Stop);
        await foreach (var row in store.ReadAllUsersAsync(Stop)) text.Append(Encoding.Latin1.GetString(row.Key)).Append(' ').Append(Encoding.Latin1.GetString(row.Blob)).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<ClosedSession> Sessions(ShardHarness h) => h.Kafka.Committed("sessions", 0).Select(json => JsonSerializer.Deserialize(json, ContractsJson.Default.ClosedSession)!);

    // As a node that reads the topic from its start.
    private static ItemIndex Index(ShardHarness h)
    {
        var index = new ItemIndex(new ItemDictionary(), new ItemIndexOptions { CapEntries = 1024 });
        index.Apply(Sessions(h));
        return index;
    }

    private static void View(ShardHarness h, string user, string item)
    {
        h.Kafka.NowMs += 1000;
        h.Kafka.Append("events", user, $$"""{"type":"view","userId":"{{user}}","itemId":"{{item}}","occurredAt":{{h.Kafka.NowMs}}}""");
    }

    private static void Purchase(ShardHarness h, string user, int n)
    {
        h.Kafka.NowMs += 60_000;
        h.Kafka.Append("events", user, $$"""{"type":"purchase","userId":"{{user}}","itemId":"i{{n}}","quantity":1,"unitPrice":2.5,"currency":"EUR","occurredAt":{{h.Kafka.NowMs}}}""");
    }

    private static void Erase(ShardHarness h, string user) => h.Kafka.Append("events", user, $$"""{"type":"erase","userId":"{{user}}","occurredAt":{{h.Kafka.NowMs}}}""");
}
