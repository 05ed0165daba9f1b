using System.Diagnostics;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Host.Bench;

/// <summary>Shards over <see cref="GivenBroker"/>, step by step, on a clock that is moved by hand: what is flushed when does not depend on the machine.</summary>
internal static class BrokerlessShards
{
    private static readonly TimeSpan LongestFlush = TimeSpan.FromMinutes(10);

    /// <summary>What the shards share: every item with a vector, recommendations as the settings say, no model.</summary>
    public static async Task<ShardServices> ServicesAsync(TimeProvider clock, int shards, int itemCount, ShardOptions settings, ChurnOptions churn, CancellationToken cancellation)
    {
        var items = new ItemDictionary();
        var fold = new FoldOptions();
        var tables = new VectorTables(new InMemorySnapshotStore(), null, items, fold.Dimensions);
        await tables.UseBaseAsync(VectorTableBlob.Write(fold.Dimensions, FoldBench.Vectors(itemCount, fold.Dimensions)), cancellation);
        return new ShardServices
        {
            Items = items,
            Decoder = () => new EventDecoder(shards, fold.FutureAllowance),
            Recommender = () => new Recommender(new ItemIndex(items, new ItemIndexOptions { CapEntries = 1024 }), new RecallOptions(), new RerankOptions()),
            Scorer = new FoldBench.NoScorer(),
            VectorTables = tables,
            Time = clock,
            Partitions = shards,
            Fold = fold,
            ConsentDefault = ConsentFlags.All,
            Shard = settings,
            Churn = churn,
        };
    }

    /// <summary>One batch through all steps, after the clock has moved.</summary>
    public static async Task RoundAsync(UserShard shard, BenchClock clock, TimeSpan step, CancellationToken cancellation)
    {
        clock.Advance(step);
        var batch = await shard.IngestAsync(cancellation);
        await shard.WorkAsync(batch, cancellation);
        await shard.CommitAsync(batch, cancellation);
    }

    /// <summary>Rounds without an event until everything committed is durable.</summary>
    public static async Task FlushAsync(UserShard shard, BenchClock clock, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await RoundAsync(shard, clock, TimeSpan.FromSeconds(1), cancellation); // a flush is due
        while (shard.Status is var status && (status.DirtyUsers > 0 || status.Durable != status.Committed))
        {
            if (Stopwatch.GetElapsedTime(started) > LongestFlush) throw new InvalidOperationException($"profiles do not become durable: {status}");
            await Task.Delay(1, cancellation); // the store writes on threads of its own
            await RoundAsync(shard, clock, TimeSpan.FromMilliseconds(10), cancellation);
        }
    }
}
