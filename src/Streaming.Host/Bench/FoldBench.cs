using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Score;
using Streaming.Core.Shard;
using Streaming.Host.Audit;
using Streaming.Kafka;
using Streaming.Kafka.Topics;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Bench;

/// <summary>
/// The fold benchmark: the shard protocol over a real broker and SQLite, recommendations and churn checks off, exactly once, dirty profiles flushed each second. Fresh group, ids and store each run.
/// Of the fold, ring, session, counters, purchases and duplicate window are worked out with each event; the three vectors of 64 floats and the interests only for users with more actions than the ring holds:
/// those of the others are made from the ring when somebody looks at them (docs/performance.md). A comparison with a peer that works them out with each event must say so.
/// </summary>
public sealed class FoldBench(FoldBenchOptions options)
{
    private readonly Stopwatch _clock = new();
    private long _allocatedBefore;
    private double _seconds;
    private long _allocated;
    private TimeSpan _processorBefore;
    private double _processorSeconds;

    /// <summary>Runs it.</summary>
    public async Task<FoldBenchResult> RunAsync(CancellationToken cancellation)
    {
        var run = "bench-" + Guid.NewGuid().ToString("n")[..8];
        var folder = Path.Combine(Path.GetTempPath(), run);
        var kafka = new KafkaOptions
        {
            BootstrapServers = options.Kafka, TopicPrefix = run + "-", EventsTopic = options.Topic, GroupId = run, TransactionalIdPrefix = run, FetchWaitMs = 5,
        };
        try
        {
            var partitions = await new KafkaTopics(kafka, NullLogger<KafkaTopics>.Instance).EnsureAsync(cancellation);
            if (partitions != options.Shards) throw new InvalidOperationException($"the topic {options.Topic} has {partitions} partitions, not {options.Shards}");
            await using var store = new SqliteSnapshotStore(new SqliteOptions { Folder = folder });
            await store.PrepareAsync(cancellation);
            double? ceiling = options.Ceiling ? await new ConsumeCeiling(kafka, partitions).MeasureAsync(cancellation) : null;
            using var times = new StageTimes();
            await RunShardsAsync(kafka, store, partitions, cancellation);
            foreach (var line in times.Lines()) Console.Error.WriteLine(line);
            var hash = await StateHash.ComputeAsync(store, partitions, cancellation);
            using var process = Process.GetCurrentProcess();
            return new FoldBenchResult(options.Events, _seconds, options.Events / _seconds, (double)_allocated / options.Events, process.PeakWorkingSet64 / 1048576.0,
                hash.All, hash.Users, ceiling, _processorSeconds);
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunShardsAsync(KafkaOptions kafka, SqliteSnapshotStore store, int partitions, CancellationToken cancellation)
    {
        var items = new ItemDictionary();
        var fold = new FoldOptions();
        var tables = new VectorTables(store, null, items, fold.Dimensions);
        await tables.UseBaseAsync(VectorTableBlob.Write(fold.Dimensions, Vectors(options.Items, fold.Dimensions)), cancellation);
        using var index = new ItemIndex(items, new ItemIndexOptions());
        var services = new ShardServices
        {
            Items = items,
            Decoder = () => new EventDecoder(partitions, fold.FutureAllowance),
            Recommender = () => new Recommender(index, new RecallOptions(), new RerankOptions()),
            Scorer = new NoScorer(),
            VectorTables = tables,
            Time = TimeProvider.System,
            Partitions = partitions,
            Topics = kafka.Topics,
            Fold = fold,
            ConsentDefault = ConsentFlags.All,
            // What the store gives late is in force later, and a shard that waits for the others at its end ticks: on a busy machine the state would differ from run to run.
            Shard = new ShardOptions { Recommend = false, MaxBatchRecords = 20_000, FlushInterval = TimeSpan.FromSeconds(1), LoadBudget = TimeSpan.FromMinutes(1), TickInterval = TimeSpan.FromDays(1) },
            Churn = new ChurnOptions { Enabled = false },
        };
        await using var node = new KafkaNode(kafka, partitions, NullLogger<KafkaNode>.Instance);
        var ends = await EndsAsync(node, partitions, cancellation);
        var shards = new List<UserShard>();
        for (var p = 0; p < partitions; p++)
        {
            var shard = new UserShard(services, await node.OpenAsync(p, cancellation), await store.OpenShardAsync(p, cancellation));
            await shard.TakeOverAsync(cancellation);
            shards.Add(shard);
        }

        await Task.WhenAll(shards.Select(s => Task.Run(() => ShardPump.RunAsync(s, StartClock, status => status.Committed.Events >= ends[s.Partition] && status.Durable == status.Committed, cancellation), cancellation)));
        _seconds = _clock.Elapsed.TotalSeconds;
        _allocated = GC.GetTotalAllocatedBytes() - _allocatedBefore;
        _processorSeconds = (Environment.CpuUsage.TotalTime - _processorBefore).TotalSeconds;
        foreach (var shard in shards) await shard.DisposeAsync();
    }

    private void StartClock()
    {
        lock (_clock)
        {
            if (_clock.IsRunning) return;
            _allocatedBefore = GC.GetTotalAllocatedBytes();
            _processorBefore = Environment.CpuUsage.TotalTime;
            _clock.Start();
        }
    }

    private static async Task<long[]> EndsAsync(KafkaNode node, int partitions, CancellationToken cancellation)
    {
        var ends = new long[partitions];
        for (var p = 0; p < partitions; p++)
        {
            await using var broker = await node.OpenAsync(p, cancellation);
            ends[p] = (await broker.ReadBoundsAsync(SourceTopic.Events, cancellation)).StableEnd;
        }

        return ends;
    }

    // The peer's vectors: xorshift64 with its seed, 24 bits a float.
    internal static IEnumerable<VectorTableEntry> Vectors(int count, int dimensions)
    {
        var x = 88172645463325252UL;
        for (var i = 0; i < count; i++)
        {
            var vector = new float[dimensions];
            for (var d = 0; d < dimensions; d++)
            {
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
                vector[d] = ((long)x >> 40) / (float)(1 << 23);
            }

            yield return new VectorTableEntry(Encoding.UTF8.GetBytes("i" + i.ToString(CultureInfo.InvariantCulture)), vector);
        }
    }

    internal sealed class NoScorer : IScorer
    {
        public string? ModelVersion => null;

        public ValueTask<ScoreOutcome> ScoreAsync(ScoreRequest request, CancellationToken cancellation) => new(ScoreOutcome.NoModel);
    }
}
