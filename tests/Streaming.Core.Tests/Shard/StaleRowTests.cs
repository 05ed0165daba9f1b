using System.Text;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

/// <summary>Rows that are older than one that was durable, or gone: another replica's answer, or a part of the store rolled back.</summary>
[Collection("untrusted rows")]
public sealed class StaleRowTests
{
    private const long Minute = 60_000;
    private static readonly UserKey Victim = UserKey.User("victim");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 2)] // another replica knows better at the second try
    [InlineData(false, int.MaxValue)] // the old row is all there is
    [InlineData(true, 2)]
    [InlineData(true, int.MaxValue)]
    public async Task Older_or_missing_row_of_a_user_evicted_in_this_life_is_never_folded_onto(bool missing, int wrongReads)
    {
        var calm = await RunAsync(new ShardHarness { Options = Small }, null);
        var store = new TamperedStore();
        using var stale = new Counted("streaming_stale_rows_total");
        using var rebuilt = new Counted("streaming_users_rebuilt_total");
        var old = default(StoredRow);
        var h = await RunAsync(new ShardHarness(store: store) { Options = Small }, async (point, shard) =>
        {
            if (point == 1) old = await store.TrueAsync(Victim);
            if (point != 2) return;
            Assert.True((await store.TrueAsync(Victim)).WriteTime > old.WriteTime);
            var reads = 0;
            await store.FalsifyAsync(Victim, row => ++reads < wrongReads ? (missing ? default : old) : row);
        });
        Assert.Equal(1, stale.Value);
        Assert.Equal(wrongReads == 2 ? 0 : 1, rebuilt.Value);
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        UntrustedRows.AssertSameOnce(calm, h);
    }

    // Nothing is in memory after a restart: the due entry is what knows.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Older_or_missing_row_after_a_restart_is_recognised_by_the_due_entry(bool missing)
    {
        var store = new TamperedStore();
        var h = new ShardHarness(store: store) { Options = Small };
        var calm = new ShardHarness { Options = Small };
        using var stale = new Counted("streaming_stale_rows_total");
        foreach (var harness in new[] { calm, h })
        {
            await using (var shard = await harness.OpenAsync())
            {
                View(harness, "v1", "victim", 0);
                await harness.RunToEndAsync(shard);
                var old = ReferenceEquals(harness, h) ? await store.TrueAsync(Victim) : default;
                View(harness, "v2", "victim", Minute); // the same bucket: the entry itself would stay as it is
                await harness.RunToEndAsync(shard, takeOver: false);
                await CrowdAsync(harness, shard, 2 * Minute, "a");
                Assert.True(shard.Status.ResidentUsers < 20);
                await shard.HandOffAsync(Cancellation);
                if (ReferenceEquals(harness, h))
                {
                    var entries = await EntriesAsync(store, Victim);
                    Assert.NotEmpty(entries);
                    Assert.All(entries, e => Assert.True(e.WriteTime > old.WriteTime, "the entry says nothing of the newer row"));
                    await store.FalsifyAsync(Victim, _ => missing ? default : old);
                }
            }

            await using var second = await harness.OpenAsync();
            View(harness, "v3", "victim", 5 * Minute);
            await harness.RunToEndAsync(second);
            await harness.RunUntilAsync(second, () => second.Status.ParkedUsers == 0);
            View(harness, "end", "other", 600 * Minute);
            await harness.RunToEndAsync(second, takeOver: false);
            await second.HandOffAsync(Cancellation);
        }

        Assert.Equal(1, stale.Value);
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        UntrustedRows.AssertSameOnce(calm, h);
    }

    // A flush that ended between its due entries and its rows leaves entries that are newer than the rows: no row is stale for that.
    [Fact]
    public async Task Flush_cut_off_after_its_due_entries_makes_no_row_look_stale()
    {
        var store = new TamperedStore();
        var h = new ShardHarness(store: store);
        using var stale = new Counted("streaming_stale_rows_total");
        for (var i = 0; i < 20; i++) View(h, $"a{i}", $"u{i % 5}", i * 1000);
        var first = await h.OpenAsync();
        await h.RunToEndAsync(first);
        store.BreaksAfterDueEntries = true;
        for (var i = 0; i < 20; i++) View(h, $"b{i}", $"u{i % 5}", (400 * Minute) + (i * 1000)); // another bucket: entries move
        for (var n = 0; n < 20; n++) await UntrustedRows.StepAsync(h, first, 11);
        Assert.True(store.IsAway, "no flush was cut off");
        var disposed = first.DisposeAsync();
        store.IsAway = false;
        await disposed;
        var entries = await EntriesAsync(store, UserKey.User("u1"));
        var row = await store.TrueAsync(UserKey.User("u1"));
        Assert.Contains(entries, e => e.WriteTime > row.WriteTime);

        await using var second = await h.OpenAsync();
        await h.RunToEndAsync(second);
        Assert.Equal(0, second.Status.ParkedUsers);
        Assert.Equal(0, stale.Value);
        Assert.Equal(8, (await h.StoredAsync(UserKey.User("u1")))!.EventCount);
    }

    [Fact]
    public async Task Resident_users_are_flushed_without_touching_their_due_entries()
    {
        var store = new TamperedStore();
        var h = new ShardHarness(store: store);
        View(h, "a", "victim", 0);
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        var before = await EntriesAsync(store, Victim);
        View(h, "b", "victim", Minute);
        await h.RunToEndAsync(shard, takeOver: false);
        Assert.True((await store.TrueAsync(Victim)).WriteTime > before[0].WriteTime);
        Assert.Equal(before.Select(e => e.WriteTime), (await EntriesAsync(store, Victim)).Select(e => e.WriteTime));
    }

    private static ShardOptions Small => new() { FlushInterval = TimeSpan.FromMilliseconds(10), MaxBatchRecords = 7, MaxResidentUsers = 3, MaxCompactBytes = 0, ListLength = 3, PollWait = TimeSpan.FromMilliseconds(1) };

    // The victim comes, leaves memory, comes again and leaves again with a newer row, and comes a third time.
    private static async Task<ShardHarness> RunAsync(ShardHarness h, Func<int, UserShard, Task>? at)
    {
        await using var shard = await h.OpenAsync();
        await shard.TakeOverAsync(Cancellation);
        for (var point = 1; point <= 3; point++)
        {
            var from = point * 100 * Minute;
            View(h, $"{point}v1", "victim", from);
            View(h, $"{point}v2", "victim", from + 1000);
            await h.RunToEndAsync(shard, takeOver: false);
            await h.RunUntilAsync(shard, () => shard.Status.ParkedUsers == 0);
            await CrowdAsync(h, shard, from + Minute, $"{point}");
            if (at is not null) await at(point, shard);
        }

        await h.RunUntilAsync(shard, () => shard.Status.ParkedUsers == 0);
        View(h, "end", "other", 600 * Minute);
        await h.RunToEndAsync(shard, takeOver: false);
        await shard.HandOffAsync(Cancellation);
        return h;
    }

    private static async Task CrowdAsync(ShardHarness h, UserShard shard, long from, string prefix)
    {
        for (var i = 0; i < 60; i++) View(h, $"{prefix}c{i}", $"c{i % 12}", from + (i * 100));
        await h.RunToEndAsync(shard, takeOver: false);
    }

    private static void View(ShardHarness h, string id, string user, long after) =>
        h.Kafka.Append("events", user, ShopTraffic.Event(id, "view", user, "i" + (Encoding.UTF8.GetBytes(id)[0] % 5), ShopTraffic.Start + after));

    private static async Task<DueEntry[]> EntriesAsync(TamperedStore store, UserKey user)
    {
        await using var shard = await store.OpenShardAsync(0, Cancellation);
        return [.. (await shard.ReadDueAsync(0, long.MaxValue, Cancellation)).Where(e => new UserKey(e.Key) == user)];
    }
}
