using System.Diagnostics;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Bench;

/// <summary>
/// A restart over a real broker and store: 1 the shards fold events of every user and stop with everything durable; 2 a gap of events comes; 3 the floors: the rows of the users whom the gap touches read in
/// bulk, and the gap read, nothing done with either; 4 fresh clients, store and shards take over and go on, recommendations on, until the first recommendation can be read and until nothing is left.
/// A take-over reads the shard's own row and replays what was committed and is not durable; rows of users are read in bulk with the first batch that touches them, never all.
/// </summary>
public sealed class RestartBench(RestartBenchOptions options, TextWriter log)
{
    private const int RowsPerRead = 4000;

    /// <summary>Runs it.</summary>
    public async Task<RestartBenchResult> RunAsync(CancellationToken cancellation)
    {
        var run = "bench-" + Guid.NewGuid().ToString("n")[..8];
        await using var place = new BenchStore(run, options.Store, options.Sqlite, options.Cassandra, log);
        await using var topics = new BenchTopics(options.Kafka, options.Shards);
        await topics.CreateAsync(cancellation);
        var events = new RestartLog(options, topics.Kafka);
        await events.WriteHistoryAsync(cancellation); // 1
        var gapFrom = await events.EndsAsync(cancellation);
        await FoldAsync(topics, place, gapFrom, isFlushed: true, cancellation);
        await log.WriteLineAsync($"{events.Written} events folded and durable");
        await events.WriteGapAsync(cancellation); // 2
        if (options.IsUndurable)
        {
            await FoldAsync(topics, place, await events.EndsAsync(cancellation), isFlushed: false, cancellation);
            await events.WriteWakingAsync(cancellation);
        }

        var ends = await events.EndsAsync(cancellation);
        var (gapUsers, bulkRead, isWhole) = await BulkReadAsync(place, events, cancellation); // 3
        var gapRead = await new ConsumeCeiling(topics.Kafka, options.Shards).SecondsAsync(gapFrom, cancellation);
        await log.WriteLineAsync(FormattableString.Invariant($"plain: {gapUsers} rows in {bulkRead:0.00} s, gap in {gapRead:0.00} s"));
        var times = await RestartAsync(topics, place, events, gapFrom, ends, cancellation); // 4
        var isConsistent = isWhole && times.IsExplained && await CountAsync(place, cancellation) == (options.Users, events.Written);
        return new RestartBenchResult(options.Users, options.Gap, gapUsers, times.TakenOver, times.FirstOutput, times.CaughtUp, bulkRead, gapRead, isConsistent);
    }

    // The life before: no recommendations, which leave no trace in profiles.
    private async Task FoldAsync(BenchTopics topics, BenchStore place, long[] ends, bool isFlushed, CancellationToken cancellation)
    {
        var settings = new ShardOptions
        {
            Recommend = false, MaxBatchRecords = 20_000, LoadBudget = TimeSpan.FromMinutes(1), TickInterval = TimeSpan.FromDays(1), FlushInterval = isFlushed ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(10),
        };
        await using var node = await RestartNode.CreateAsync(options, topics.Kafka, place, settings, cancellation);
        await node.TakeOverAsync(cancellation);
        await node.DriveAsync((status, p) => status.Committed.Events >= ends[p] && (!isFlushed || status.Durable == status.Committed), cancellation);
    }

    private async Task<(int Users, double Seconds, bool IsWhole)> BulkReadAsync(BenchStore place, RestartLog events, CancellationToken cancellation)
    {
        var keys = Enumerable.Range(0, options.Shards).Select(events.Keys).ToArray();
        await using var store = await place.OpenAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        var whole = await Task.WhenAll(keys.Select((wanted, p) => Task.Run(async () =>
        {
            await using var shard = await store.OpenShardAsync(p, cancellation);
            var isWhole = true;
            foreach (var some in wanted.Chunk(RowsPerRead)) isWhole &= (await shard.ReadUsersAsync(some, cancellation)).All(row => row.Blob is not null);
            return isWhole;
        }, cancellation)));
        return (keys.Sum(k => k.Length), Stopwatch.GetElapsedTime(started).TotalSeconds, whole.All(w => w));
    }

    private async Task<(double TakenOver, double FirstOutput, double CaughtUp, bool IsExplained)> RestartAsync(BenchTopics topics, BenchStore place, RestartLog events, long[] gapFrom, long[] ends, CancellationToken cancellation)
    {
        await using var output = await FirstOutput.OpenAsync(topics.Kafka, options.Shards, cancellation);
        await using var node = await RestartNode.CreateAsync(options, topics.Kafka, place, options.Shard with { Recommend = true }, cancellation);
        using var stages = new StageTimes();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var started = Stopwatch.GetTimestamp();
        var first = output.WaitAsync(failed.Token);
        try
        {
            await node.TakeOverAsync(cancellation);
            var takenOver = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var caughtUp = new long[options.Shards];
            await node.DriveAsync((status, p) =>
            {
                if (status.Committed.Events < ends[p]) return false;
                if (caughtUp[p] == 0) caughtUp[p] = Stopwatch.GetTimestamp();
                return status.Durable == status.Committed;
            }, cancellation);
            foreach (var line in stages.Lines()) await log.WriteLineAsync(line);
            var (record, at) = await first;
            return (takenOver, Stopwatch.GetElapsedTime(started, at).TotalSeconds, Stopwatch.GetElapsedTime(started, caughtUp.Max()).TotalSeconds, FirstOutput.IsExplained(record, events, gapFrom, ends, options.Items));
        }
        finally
        {
            await failed.CancelAsync();
            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(long Users, long Events)> CountAsync(BenchStore place, CancellationToken cancellation)
    {
        var codec = new UserRowCodec(new ItemDictionary());
        var (users, events) = (0L, 0L);
        await using var store = await place.OpenAsync(cancellation);
        for (var p = 0; p < options.Shards; p++)
        {
            await using var shard = await store.OpenShardAsync(p, cancellation);
            await foreach (var stored in shard.ReadAllUsersAsync(cancellation))
            {
                users++;
                events += codec.Decode(stored.Blob, new UserKey(stored.Key)).EventCount;
            }
        }

        return (users, events);
    }
}
