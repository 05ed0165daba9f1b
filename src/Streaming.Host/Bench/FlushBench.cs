using Streaming.Core.Churn;
using Streaming.Core.Shard;

namespace Streaming.Host.Bench;

/// <summary>
/// Flushes of a real shard, which folds a drawn population without a broker, written through the engine's store and, the same bytes, by the bare driver. One shard and one flush at a time; nothing is folded
/// while one is written. Both sides begin with a row of every user (<see cref="PopulationRows"/>), so that all is done over and rows have their size of every day. The engine also writes due entries and R, and
/// in SQLite holds every row against its write time; the plain insert does none of it.
/// </summary>
public sealed class FlushBench(FlushBenchOptions options, TextWriter log)
{
    private const int Batches = 4;

    /// <summary>Runs it.</summary>
    public async Task<FlushBenchResult> RunAsync(CancellationToken cancellation)
    {
        var run = "bench-" + Guid.NewGuid().ToString("n")[..8];
        await using var place = new BenchStore(run, options.Store, options.Sqlite, options.Cassandra, log);
        await using var store = await place.OpenAsync(cancellation);
        await using var plain = await PlainAsync(place, cancellation);
        var compared = new ComparedStore(await store.OpenShardAsync(0, cancellation), plain, copiesBack: !place.IsCassandra);
        await FoldAsync(compared, cancellation);
        return new FlushBenchResult(compared.Rows, compared.Flushes, compared.Bytes, compared.DueEntries, compared.Rows / compared.StoreTime.TotalSeconds, compared.Rows / compared.PlainTime.TotalSeconds);
    }

    private static async Task<IPlainWriter> PlainAsync(BenchStore place, CancellationToken cancellation)
    {
        if (!place.IsCassandra) return new PlainSqlite(Path.Combine(place.Folder, "plain.db"), place.Sqlite);
        var driver = await PlainCassandra.ConnectAsync(place.Cassandra, cancellation);
        await driver.PrepareAsync();
        return driver;
    }

    private async Task FoldAsync(ComparedStore compared, CancellationToken cancellation)
    {
        var clock = new BenchClock();
        var settings = new ShardOptions
        {
            Recommend = false, FlushInterval = TimeSpan.FromSeconds(1), MaxResidentUsers = Math.Max(100, options.Users), LoadBudget = TimeSpan.FromMinutes(1),
            TickInterval = TimeSpan.FromDays(1),
        };
        var services = await BrokerlessShards.ServicesAsync(clock, 1, options.Items, settings, new ChurnOptions(), cancellation);
        var broker = new GivenBroker(0, start: 1);
        await using var shard = new UserShard(services, broker, compared);
        await shard.TakeOverAsync(cancellation);
        // Behind the take-over: a write without R leaves an empty one in Cassandra, which no take-over would read.
        var rows = await PopulationRows.FoldAsync(options.Items, options.Seed, cancellation);
        await rows.WriteAsync(options.Users, [compared], cancellation);
        await log.WriteLineAsync($"{options.Users} rows written both ways");
        var draw = new PeerDraw(options.Users, options.Items, options.Seed);
        // The first flush warms up both sides.
        for (var i = PopulationRows.NextEvent; compared.Rows < options.Rows; compared.IsCounting = true)
        {
            for (var batch = 0; batch < Batches; batch++)
            {
                for (var n = 0; n < Math.Max(1, options.EventsPerFlush / Batches); n++)
                {
                    draw.Next(i++);
                    broker.Add(draw.AtMs, draw.Key, draw.Value);
                }

                await BrokerlessShards.RoundAsync(shard, clock, TimeSpan.Zero, cancellation);
            }

            await BrokerlessShards.FlushAsync(shard, clock, cancellation);
        }
    }
}
