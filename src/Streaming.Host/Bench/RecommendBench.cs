using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Score;
using Streaming.Core.Shard;
using Streaming.Host.Engine;
using Streaming.Kafka;
using Streaming.Kafka.Topics;
using Streaming.Onnx;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Bench;

/// <summary>
/// The fold benchmark with a list for every user that a batch touches: full recall over a catalogue with vectors and sessions, the shipped ranker, lists produced exactly once. Beside it, in the same run, what it is made of: the
/// same events without lists; the same users' recall with nothing around it; a bare session with runs of the same size.
/// </summary>
internal sealed class RecommendBench(RecommendBenchOptions options)
{
    /// <summary>Runs it.</summary>
    /// <param name="note">Told how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<RecommendBenchResult> RunAsync(Action<string> note, CancellationToken cancellation)
    {
        note("the same events without lists");
        var (fold, _) = await DriveAsync(new FoldBench.NoScorer(), null, cancellation);
        note(FormattableString.Invariant($"folded in {fold.Seconds:0.00} s; with lists"));
        await using var scoring = ScoringService.Start(ShippedModel.OrConfigured(new OnnxScorerOptions()), NullLoggerFactory.Instance, TimeProvider.System);
        if (scoring.Scorer.ModelVersion is null) throw new InvalidOperationException("the shipped ranker did not load");
        using var times = new StageTimes();
        var shop = new Shop(options, cancellation);
        using (shop.Index)
        {
            var (whole, samples) = await DriveAsync(scoring.Scorer, shop, cancellation);
            foreach (var line in times.Lines()) note(line);
            var (runs, runSeconds) = times.Of("streaming_score_run_seconds");
            var rows = times.Of("streaming_score_batch_rows").Sum;
            if (runs == 0) throw new InvalidOperationException("nothing was scored");
            note("floors");
            var recall = await RecallAsync(shop, samples, cancellation);
            var bare = Bare((int)Math.Max(1, Math.Round(rows / runs)), cancellation);
            return new RecommendBenchResult(whole.Events, whole.Seconds, samples.Sum(s => s.Lists), (long)times.Of("streaming_degraded_recommendations_total").Sum, samples.Sum(s => s.Late), (long)rows, rows / runs,
                rows / runSeconds, fold.Seconds, recall, bare);
        }
    }

    private async Task<((double Seconds, long Events) Time, List<RecallSample> Samples)> DriveAsync(IScorer scorer, Shop? shop, CancellationToken cancellation)
    {
        await using var topics = new BenchTopics(options.Kafka, 0);
        var kafka = topics.Kafka with { EventsTopic = options.Topic, FetchWaitMs = 5 };
        using var folder = new TemporaryFolder(kafka.GroupId);
        var partitions = await new KafkaTopics(kafka, NullLogger<KafkaTopics>.Instance).EnsureAsync(cancellation);
        await using var store = new SqliteSnapshotStore(new SqliteOptions { Folder = folder.Path });
        await store.PrepareAsync(cancellation);
        var samples = new List<RecallSample>();
        await using var drive = new ShardDrive(kafka, store, await ServicesAsync(kafka, store, partitions, scorer, shop, samples, cancellation));
        await drive.RunAsync(cancellation);
        return ((drive.Seconds, drive.Events), samples);
    }

    private async Task<ShardServices> ServicesAsync(KafkaOptions kafka, SqliteSnapshotStore store, int partitions, IScorer scorer, Shop? shop, List<RecallSample> samples, CancellationToken cancellation)
    {
        var items = shop?.Items ?? new ItemDictionary();
        var fold = new FoldOptions();
        var tables = new VectorTables(store, shop?.Index, items, fold.Dimensions);
        await tables.UseBaseAsync(VectorTableBlob.Write(fold.Dimensions, FoldBench.Vectors(options.Items, fold.Dimensions)), cancellation);
        return new ShardServices
        {
            Items = items,
            Decoder = () => new EventDecoder(partitions, fold.FutureAllowance),
            Recommender = () => Sampled(shop is null ? new Recommender(new ItemIndex(items, new ItemIndexOptions()), new RecallOptions(), new RerankOptions()) : shop.Recommender(), samples),
            Scorer = scorer,
            VectorTables = tables,
            Time = TimeProvider.System,
            Partitions = partitions,
            Topics = kafka.Topics,
            Fold = fold,
            ConsentDefault = ConsentFlags.All,
            // As much time for the lists of a batch as there may be: those that come late are poorer and cheaper.
            Shard = new ShardOptions
            {
                ScoreBudget = TimeSpan.FromSeconds(8), Recommend = shop is not null, MaxBatchRecords = options.BatchEvents, FlushInterval = TimeSpan.FromSeconds(1), LoadBudget = TimeSpan.FromMinutes(1), TickInterval = TimeSpan.FromDays(1),
            },
            Churn = new ChurnOptions { Enabled = false },
        };
    }

    private static RecallSample Sampled(Recommender recommender, List<RecallSample> samples)
    {
        var sample = new RecallSample(recommender);
        lock (samples) samples.Add(sample);
        return sample;
    }

    // One thread a shard, as in the whole; each its shard's own users.
    private async Task<double> RecallAsync(Shop shop, List<RecallSample> samples, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(samples.Where(s => s.Asked.Count > 0).Select(sample => Task.Factory.StartNew(() =>
        {
            var (recommender, found, count) = (shop.Recommender(), new CandidateSet(), 0L);
            for (; clock.Elapsed.TotalSeconds < options.FloorSeconds; count++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (user, vectors, nowMs) = sample.Asked[(int)(count % sample.Asked.Count)];
                recommender.Collect(user, vectors, nowMs, found);
            }

            return count;
        }, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private double Bare(int rows, CancellationToken cancellation)
    {
        var features = new float[rows * RankerFeatures.Count];
        var random = new Random((int)options.Seed);
        for (var i = 0; i < features.Length; i++) features[i] = random.NextSingle();
        using var ranker = new BareRanker(ShippedModel.Folder, features, rows);
        ranker.Run();
        var (clock, runs) = (Stopwatch.StartNew(), 0L);
        for (; clock.Elapsed.TotalSeconds < options.FloorSeconds; runs++)
        {
            cancellation.ThrowIfCancellationRequested();
            ranker.Run();
        }

        return runs * rows / clock.Elapsed.TotalSeconds;
    }

    // What lists are made from.
    private sealed class Shop
    {
        public Shop(RecommendBenchOptions options, CancellationToken cancellation)
        {
            Index = new ItemIndex(Items, new ItemIndexOptions { MaxSessions = Math.Max(1, options.Sessions) });
            Index.Apply(Enumerable.Range(0, options.Items).Select(i => new CatalogChange(DrawnSessions.Id(i), Item(i))));
            Index.Apply(DrawnSessions.Of(new Random((int)options.Seed), options.Sessions, options.Items, cancellation));
            Index.Refresh();
        }

        public ItemDictionary Items { get; } = new();

        public ItemIndex Index { get; }

        public Recommender Recommender() => new(Index, new RecallOptions(), new RerankOptions());

        private static CatalogItem Item(int i) => new()
        {
            ItemId = DrawnSessions.Id(i), Title = "Item " + i.ToString(CultureInfo.InvariantCulture), Category = $"c{i % 100}/c{i % 1000}", Brand = $"b{i % 500}", Price = 1 + (i % 200), Currency = "EUR",
        };
    }
}
