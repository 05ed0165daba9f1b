using Streaming.Core.Churn;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Shard;

namespace Streaming.Host.Bench;

/// <summary>
/// What resident users cost in memory: shards fold a drawn population without a broker or a store, and the heap is measured once everything is flushed and those over the bound on objects are packed.
/// No clock matters, so the figures are the same on a busy machine.
/// </summary>
public sealed class MemoryBench(MemoryBenchOptions options)
{
    private const int BatchEvents = 4000, MaxObjects = 200_000;
    private static readonly TimeSpan EachBatchFlushed = TimeSpan.FromSeconds(1);

    /// <summary>Measures.</summary>
    public async Task<MemoryBenchResult> RunAsync(CancellationToken cancellation)
    {
        var sizes = new int[options.Users];
        var events = new int[options.Users];
        var packed = await MeasureAsync(options.Users, options.Objects, sizes, events, cancellation);
        var few = Math.Min(options.Users, MaxObjects);
        var objects = await MeasureAsync(few, few, new int[few], new int[few], cancellation);
        var ring = new FoldOptions().RingLength;
        var users = sizes.Count(s => s > 0);
        var small = Enumerable.Range(0, options.Users).Where(u => sizes[u] > 0 && events[u] <= ring).Select(u => sizes[u]).ToList();
        var large = Enumerable.Range(0, options.Users).Where(u => events[u] > ring).Select(u => sizes[u]).ToList();
        return new MemoryBenchResult(users, (long)options.Users * options.EventsPerUser, (double)packed.HeapBytes / users, packed.Objects, packed.Compact, (double)packed.CompactBytes / Math.Max(1, packed.Compact),
            (double)objects.HeapBytes / objects.Objects, (double)small.Count / users, small.DefaultIfEmpty().Average(), large.DefaultIfEmpty().Average(), sizes.Where(s => s > 0).Average());
    }

    private async Task<(long HeapBytes, long Objects, long Compact, long CompactBytes)> MeasureAsync(int users, int objects, int[] sizes, int[] events, CancellationToken cancellation)
    {
        var clock = new BenchClock();
        var settings = new ShardOptions { Recommend = false, MaxResidentUsers = objects, MaxCompactBytes = 32L << 30 };
        var services = await BrokerlessShards.ServicesAsync(clock, options.Shards, options.Items, settings, new ChurnOptions(), cancellation);
        var brokers = Enumerable.Range(0, options.Shards).Select(p => new GivenBroker(p)).ToArray();
        var shards = brokers.Select(b => new UserShard(services, b, new RowSizes(sizes))).ToArray();
        foreach (var shard in shards)
        {
            await shard.TakeOverAsync(cancellation);
            await BrokerlessShards.RoundAsync(shard, clock, EachBatchFlushed, cancellation); // settings and the vector table come into force
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var draw = new PeerDraw(users, options.Items, options.Seed);
        for (var i = 0L; i < (long)users * options.EventsPerUser; i++)
        {
            draw.Next(i);
            events[draw.User]++;
            var broker = brokers[Murmur2.Partition(draw.Key, options.Shards)];
            broker.Add(draw.AtMs, draw.Key, draw.Value);
            if (broker.Pending.Count == BatchEvents) await BrokerlessShards.RoundAsync(shards[broker.Partition], clock, EachBatchFlushed, cancellation);
        }

        foreach (var shard in shards) await SettleAsync(shard, clock, objects, cancellation);
        var heap = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (resident, compact, bytes) = (shards.Sum(s => (long)s.Status.ResidentUsers), shards.Sum(s => (long)s.Status.CompactUsers), shards.Sum(s => s.Status.CompactBytes));
        foreach (var shard in shards) await shard.DisposeAsync();
        return (heap, resident, compact, bytes);
    }

    private static async Task SettleAsync(UserShard shard, BenchClock clock, int objects, CancellationToken cancellation)
    {
        for (var round = 0; round < 1000; round++)
        {
            await BrokerlessShards.RoundAsync(shard, clock, EachBatchFlushed, cancellation);
            if (shard.Status.ResidentUsers <= objects && shard.Status.DirtyUsers == 0) return;
        }

        throw new InvalidOperationException($"profiles do not leave memory: {shard.Status}");
    }
}
