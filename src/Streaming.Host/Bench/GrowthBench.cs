using Streaming.Core.Churn;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Snapshots.Cassandra;

namespace Streaming.Host.Bench;

/// <summary>
/// The cost of an event by number of users: shards over SQLite, without a broker, in a population that does not fit in memory. Beside it, in the same run, 1 the same with a population that fits, and
/// 2 the rows that the shards had to read, read again and written back by SQLite's bare driver in the same files.
/// </summary>
public sealed class GrowthBench(GrowthBenchOptions options, TextWriter log)
{
    private const int BatchEvents = 4000, BatchesPerFlush = 4, ChunkEvents = 200_000, RowsPerWrite = 16_000, ShardBytesAUser = 32;
    private readonly string _run = "bench-" + Guid.NewGuid().ToString("n")[..8];

    /// <summary>Measures.</summary>
    public async Task<GrowthBenchResult> RunAsync(CancellationToken cancellation)
    {
        var rows = await PopulationRows.FoldAsync(options.Items, options.Seed, cancellation);
        var fitting = await MeasureAsync("fits", Math.Min(options.Users, options.Resident), fits: true, rows, cancellation);
        var grown = await MeasureAsync("grown", options.Users, fits: false, rows, cancellation);
        return new GrowthBenchResult(options.Users, grown.Resident, options.Events, grown.Misses, grown.Cost.Of(options.Events), fitting.Cost.Of(options.Events), grown.Floor.Of(grown.Misses));
    }

    private async Task<Measured> MeasureAsync(string name, int users, bool fits, PopulationRows rows, CancellationToken cancellation)
    {
        await using var place = new BenchStore($"{_run}-{name}", options.Store, options.Sqlite, new CassandraOptions(), log);
        RecordedStore[] stores;
        Spent cost;
        long resident;
        await using (var store = await place.OpenAsync(cancellation))
        {
            stores = new RecordedStore[options.Shards];
            for (var p = 0; p < stores.Length; p++) stores[p] = new RecordedStore(await store.OpenShardAsync(p, cancellation));
            await rows.WriteAsync(users, stores, cancellation);
            await log.WriteLineAsync($"{users} rows written");
            (cost, resident) = await FoldAsync(users, fits, rows, stores, cancellation);
        }

        await log.WriteLineAsync(FormattableString.Invariant($"{options.Events} events folded, {cost.Of(options.Events).Microseconds:0.00} µs each; {stores.Sum(s => s.Reads.Sum(r => (long)r.Length))} rows read"));
        return new Measured(cost, resident, stores.Sum(s => s.Reads.Sum(r => (long)r.Length)), fits ? default : await FloorAsync(place, stores, cancellation));
    }

    private async Task<(Spent Cost, long Resident)> FoldAsync(int users, bool fits, PopulationRows rows, RecordedStore[] stores, CancellationToken cancellation)
    {
        var clock = new BenchClock();
        var services = await BrokerlessShards.ServicesAsync(clock, options.Shards, options.Items, Settings(fits, rows), new ChurnOptions { Enabled = false }, cancellation);
        var brokers = Enumerable.Range(0, options.Shards).Select(p => new GivenBroker(p, start: 1)).ToArray();
        var shards = brokers.Select(b => new UserShard(services, b, stores[b.Partition])).ToArray();
        try
        {
            foreach (var shard in shards)
            {
                await shard.TakeOverAsync(cancellation);
                await BrokerlessShards.RoundAsync(shard, clock, Step, cancellation); // settings and the vector table come into force
            }

            // Each of those who fit once, the likeliest last, then as drawn, until memory holds what it will.
            var feed = new Feed(new PeerDraw(users, options.Items, options.Seed, PeerDraw.StartMs, options.Users), brokers);
            var fit = Math.Min(users, options.Resident);
            await DriveAsync(feed, fit, n => fit - 1 - (int)n, shards, stores, clock, cancellation);
            await DriveAsync(feed, options.Events / 4, null, shards, stores, clock, cancellation);
            foreach (var store in stores) store.IsNoting = true;
            GC.Collect();
            var cost = await DriveAsync(feed, options.Events, null, shards, stores, clock, cancellation);
            foreach (var store in stores) store.IsNoting = false;
            var resident = shards.Sum(s => (long)s.Status.ResidentUsers + s.Status.CompactUsers);
            if (!fits && resident > options.Resident * 1.1) await log.WriteLineAsync($"{resident} users in memory, not {options.Resident}: who was touched since the last flush cannot leave. Take a larger --resident.");
            return (cost, resident);
        }
        finally
        {
            foreach (var shard in shards) await shard.DisposeAsync();
        }
    }

    // Drawn outside of the time that is measured, some at a time; each piece ends with its flushes.
    private async Task<Spent> DriveAsync(Feed feed, long events, Func<long, int>? userOf, UserShard[] shards, RecordedStore[] stores, BenchClock clock, CancellationToken cancellation)
    {
        var spent = default(Spent);
        for (var from = 0L; from < events; from += ChunkEvents)
        {
            var batches = feed.Draw(from, Math.Min(ChunkEvents, events - from), userOf, BatchEvents);
            spent += await Spent.OnAsync(async () =>
            {
                foreach (var (broker, batch) in batches)
                {
                    broker.Pending = batch;
                    await BrokerlessShards.RoundAsync(shards[broker.Partition], clock, Step, cancellation);
                }

                foreach (var store in stores) await store.SettleAsync();
            });
        }

        return spent;
    }

    // Every shard flushes once in so many of its batches, as one that folds 16,000 events a second does.
    private TimeSpan Step => TimeSpan.FromSeconds(1) / (BatchesPerFlush * options.Shards);

    private ShardOptions Settings(bool fits, PopulationRows rows)
    {
        var isPacked = options.Objects > 0 && options.Objects < options.Resident;
        var objects = (isPacked ? options.Objects : fits ? options.Resident * 2L : options.Resident) / options.Shards;
        var packed = isPacked ? (long)((options.Resident - options.Objects) / options.Shards * (rows.MeanBytes + ShardBytesAUser)) : 0;
        return new ShardOptions
        {
            Recommend = false,
            FlushInterval = TimeSpan.FromSeconds(1),
            LoadBudget = TimeSpan.FromMinutes(1),
            TickInterval = TimeSpan.FromDays(1),
            MaxResidentUsers = (int)Math.Clamp(objects, 100, int.MaxValue / 2),
            MaxCompactBytes = fits && isPacked ? Math.Min(packed * 2, 32L << 30) : packed,
        };
    }

    private async Task<Spent> FloorAsync(BenchStore place, RecordedStore[] stores, CancellationToken cancellation)
    {
        var spent = default(Spent);
        for (var p = 0; p < stores.Length; p++)
        {
            await using var plain = new PlainSqlite(place.ShardFile(p), options.Sqlite, writeTime: 1L << 60);
            var read = new List<PlainRow>(RowsPerWrite * 2);
            foreach (var users in stores[p].Reads)
            {
                cancellation.ThrowIfCancellationRequested();
                var keys = users.Select(PopulationRows.Key).ToArray();
                spent += await Spent.OnAsync(() => Task.Run(() => read.AddRange(plain.Read(keys)), cancellation));
                if (read.Count < RowsPerWrite) continue;
                spent += await WriteAsync(plain, read);
            }

            if (read.Count > 0) spent += await WriteAsync(plain, read);
        }

        return spent;
    }

    private static async Task<Spent> WriteAsync(PlainSqlite plain, List<PlainRow> read)
    {
        var rows = read.ToArray();
        read.Clear();
        return await Spent.OnAsync(() => plain.WriteAsync(rows, CancellationToken.None));
    }

    private readonly record struct Measured(Spent Cost, long Resident, long Misses, Spent Floor);

    /// <summary>Draws events into batches of their shards, in the order in which the batches are full.</summary>
    private sealed class Feed(PeerDraw draw, GivenBroker[] brokers)
    {
        private readonly Stack<RecordBatch> _free = new();
        private long _next = PopulationRows.NextEvent;
        private List<(GivenBroker Broker, RecordBatch Batch)> _last = [];

        public List<(GivenBroker Broker, RecordBatch Batch)> Draw(long from, long count, Func<long, int>? userOf, int batchEvents)
        {
            foreach (var (_, batch) in _last) _free.Push(batch);
            var full = new List<(GivenBroker, RecordBatch)>();
            var open = brokers.Select(_ => Take()).ToArray();
            for (var i = 0L; i < count; i++)
            {
                if (userOf is null) draw.Next(_next++);
                else draw.Next(_next++, userOf(from + i));
                var p = Murmur2.Partition(draw.Key, brokers.Length);
                brokers[p].AddTo(open[p], draw.AtMs, draw.Key, draw.Value);
                if (open[p].Count < batchEvents) continue;
                full.Add((brokers[p], open[p]));
                open[p] = Take();
            }

            for (var p = 0; p < open.Length; p++)
            {
                if (open[p].Count > 0) full.Add((brokers[p], open[p]));
                else _free.Push(open[p]);
            }

            return _last = full;
        }

        private RecordBatch Take()
        {
            var batch = _free.TryPop(out var used) ? used : new RecordBatch();
            batch.Reset(0);
            return batch;
        }
    }
}
