using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard;

/// <summary>Sessions end by entries of the durable due index where their user is not in memory: each must be there when its time comes, and be met even where nothing else happens.</summary>
public sealed class DueEntryTests
{
    private const long Start = 1_700_006_400_000, Hour = 3_600_000;
    private static readonly TimeSpan Bucket = TimeSpan.FromHours(48); // Start is the beginning of one

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Late_flush_of_the_owner_before_cannot_take_a_due_entry_away(bool isBeforeFlush)
    {
        var h = new ShardHarness();
        h.Options = h.Options with { DueBucket = Bucket, Recommend = false, FlushInterval = TimeSpan.FromMinutes(10) };
        View(h, "u", Start);
        await using (var first = await h.OpenAsync())
        {
            await WorkAsync(h, first);
            await first.HandOffAsync(Stop);
        }

        var durable = await WriteTimeAsync(h);

        // The owner before ends the session, commits, and is cut off with its flush on the way.
        View(h, "v", Start + (2 * Hour));
        var before = await h.OpenAsync();
        await WorkAsync(h, before);
        await before.DisposeAsync();

        // The next one replays that, and meets the next session of the same bucket.
        await using (var next = await h.OpenAsync())
        {
            View(h, "u", Start + (3 * Hour));
            await WorkAsync(h, next);
            if (isBeforeFlush) await RemoveLateAsync(h, durable + 2);
            await next.HandOffAsync(Stop);
            if (!isBeforeFlush) await RemoveLateAsync(h, durable + 2);
        }

        View(h, "v", Start + (6 * Hour));
        await using var last = await h.OpenAsync();
        await WorkAsync(h, last);
        Assert.Equal(["s-0-0", "s-0-1", "s-0-2"], SessionIds(h));
    }

    [Theory]
    [InlineData(60, 360)]
    [InlineData(360, 1440)]
    [InlineData(1440, 60)]
    [InlineData(60, 1)]
    [InlineData(360, 360)]
    public async Task Width_of_the_buckets_stays_what_the_store_was_begun_with(int minutes, int laterMinutes)
    {
        const int Users = 900; // so many that entries are pruned
        var h = new ShardHarness();
        h.Options = h.Options with { DueBucket = TimeSpan.FromMinutes(minutes), Recommend = false, MaxBatchRecords = 100 };
        for (var n = 0; n < Users; n++) View(h, "u" + n, Start + n);
        await using (var first = await h.OpenAsync())
        {
            await WorkAsync(h, first);
            await first.HandOffAsync(Stop);
        }

        h.Options = h.Options with { DueBucket = TimeSpan.FromMinutes(laterMinutes) };
        await using var second = await h.OpenAsync();
        for (var step = 1; step <= 72; step++) View(h, "v", Start + (step * Hour));
        await WorkAsync(h, second);
        Assert.Equal(Users, SessionIds(h).Count(id => int.Parse(id.Split('-')[2], System.Globalization.CultureInfo.InvariantCulture) < Users));
    }

    [Fact]
    public async Task Session_that_ended_while_the_store_was_away_is_written_with_the_next_batch_even_without_an_event()
    {
        var store = new FlakyStore();
        var h = new ShardHarness(store: store);
        h.Options = h.Options with { Recommend = false };
        h.Kafka.Append("control", 0, null, JsonSerializer.SerializeToUtf8Bytes(new ControlRequest { RequestId = "h", Type = "historical", TimeMs = 1 }, ContractsJson.Default.ControlRequest)); // no ticks from now on
        View(h, "u", Start);
        await using (var first = await h.OpenAsync())
        {
            await h.RunToEndAsync(first);
            await first.HandOffAsync(Stop);
        }

        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(Stop);
        store.IsAway = true;
        View(h, "v", Start + (2 * Hour));
        for (var n = 0; n < 5; n++)
        {
            var batch = await second.IngestAsync(Stop);
            await second.WorkAsync(batch, Stop);
            await second.CommitAsync(batch, Stop);
        }

        Assert.Empty(SessionIds(h));
        store.IsAway = false;
        h.Time.Advance(TimeSpan.FromMinutes(1));
        await h.RunToEndAsync(second, takeOver: false);
        Assert.Equal(["s-0-0"], SessionIds(h));

        // A replay into an empty store knows that it was written.
        var replay = h.WithEmptyStore();
        await using var again = await replay.OpenAsync();
        await replay.RunToEndAsync(again);
        Assert.Equal(["s-0-0"], SessionIds(h));
    }

    private static async Task WorkAsync(ShardHarness h, UserShard shard)
    {
        await shard.TakeOverAsync(Stop);
        for (var isEnd = false; !isEnd;)
        {
            var batch = await shard.IngestAsync(Stop);
            isEnd = batch.Events.AtEnd && batch.Events.Count == 0;
            await shard.WorkAsync(batch, Stop);
            await shard.CommitAsync(batch, Stop);
        }
    }

    private static async Task<long> WriteTimeAsync(ShardHarness h)
    {
        await using var store = await h.Store.OpenShardAsync(0, Stop);
        return (await store.ReadShardAsync(Stop)).WriteTime;
    }

    // One batch and one event above what R stood at: what the owner before would have written.
    private static async Task RemoveLateAsync(ShardHarness h, long late)
    {
        await using var store = await h.Store.OpenShardAsync(0, Stop);
        var key = UserKey.User("u").Bytes;
        var bucket = (Start + Hour / 2) / (long)Bucket.TotalMilliseconds;
        await store.WriteAsync(new FlushBatch { WriteTime = late, Bytes = default, Rows = [], DueUpserts = [], DueDeletes = [new DueEntry(bucket, key, DueKind.SessionEnd, 0, late)], ShardRow = default }, Stop);
    }

    private static void View(ShardHarness h, string user, long atMs)
    {
        h.Kafka.NowMs = atMs;
        h.Kafka.Append("events", user, $$"""{"type":"view","userId":"{{user}}","itemId":"i","occurredAt":{{atMs}}}""");
    }

    private static List<string> SessionIds(ShardHarness h) =>
        [.. h.Kafka.Committed("sessions", 0).Select(json => JsonSerializer.Deserialize(json, ContractsJson.Default.ClosedSession)!.SessionId).Order(StringComparer.Ordinal)];
}
