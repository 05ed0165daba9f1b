using Microsoft.Extensions.Time.Testing;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Score;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Tests.Shard.Allocation;

/// <summary>A shard over doubles that allocate nothing, warmed up until every user is resident and every list has its full length; counts what each step allocates.</summary>
internal sealed class SteadyShard : IAsyncDisposable
{
    private const int Users = 400, Items = 60, WarmUpBatches = 100;
    private readonly FakeTimeProvider _time;
    private readonly UserShard _shard;

    private SteadyShard(UserShard shard, FakeTimeProvider time, ForgetfulStore store) => (_shard, _time, Store) = (shard, time, store);

    public ForgetfulStore Store { get; }
    public long Events { get; private set; }
    public long Ingested { get; private set; }
    public long Worked { get; private set; }
    public long Committed { get; private set; }

    public static async Task<SteadyShard> StartAsync(int maxBatchRecords, TimeSpan flushInterval)
    {
        var items = new ItemDictionary();
        var fold = new FoldOptions();
        var tables = new VectorTables(new InMemorySnapshotStore(), null, items, fold.Dimensions);
        await tables.UseBaseAsync(VectorTableBlob.Write(fold.Dimensions, Vectors(fold.Dimensions)), default);
        using var index = new ItemIndex(items, new ItemIndexOptions { CapEntries = 1024 });
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        var services = new ShardServices
        {
            Items = items,
            Decoder = () => new EventDecoder(1, fold.FutureAllowance),
            Recommender = () => new Recommender(index, new RecallOptions(), new RerankOptions()),
            Scorer = new NoScorer(),
            VectorTables = tables,
            Time = time,
            Partitions = 1,
            Fold = fold,
            ConsentDefault = ConsentFlags.All,
            Shard = new ShardOptions { Recommend = false, MaxBatchRecords = maxBatchRecords, FlushInterval = flushInterval },
            Churn = new ChurnOptions(),
        };
        var store = new ForgetfulStore();
        var shard = new UserShard(services, new EndlessBroker(Users, Items), store);
        await shard.TakeOverAsync(default);
        var steady = new SteadyShard(shard, time, store);
        await steady.RunAsync(WarmUpBatches * 4000 / maxBatchRecords);
        return steady;
    }

    /// <summary>Runs batches, each a quarter of a second of the shard's clock after the one before. Every step ends before it returns, on this thread.</summary>
    public async Task RunAsync(int batches)
    {
        var thread = Environment.CurrentManagedThreadId;
        Events = Ingested = Worked = Committed = 0;
        for (var n = 0; n < batches; n++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var batch = await _shard.IngestAsync(default);
            var ingested = GC.GetAllocatedBytesForCurrentThread();
            await _shard.WorkAsync(batch, default);
            var worked = GC.GetAllocatedBytesForCurrentThread();
            await _shard.CommitAsync(batch, default);
            var committed = GC.GetAllocatedBytesForCurrentThread();
            Events += batch.Events.Count;
            Ingested += ingested - before;
            Worked += worked - ingested;
            Committed += committed - worked;
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.Equal(thread, Environment.CurrentManagedThreadId);
    }

    public ValueTask DisposeAsync() => _shard.DisposeAsync();

    private static IEnumerable<VectorTableEntry> Vectors(int dimensions)
    {
        var random = new Random(1);
        for (var i = 0; i < Items; i++)
        {
            var vector = new float[dimensions];
            foreach (ref var x in vector.AsSpan()) x = random.NextSingle() - 0.5f;
            yield return new VectorTableEntry(System.Text.Encoding.UTF8.GetBytes($"i{i}"), vector);
        }
    }

    private sealed class NoScorer : IScorer
    {
        public string? ModelVersion => null;

        public ValueTask<ScoreOutcome> ScoreAsync(ScoreRequest request, CancellationToken cancellation) => new(ScoreOutcome.NoModel);
    }
}
