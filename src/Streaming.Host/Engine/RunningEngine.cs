using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Shard;
using Streaming.Core.Churn;
using Streaming.Host.Settings;
using Streaming.Onnx;
using Streaming.Pipeline.Membership;
using Streaming.Pipeline.Shards;

namespace Streaming.Host.Engine;

/// <summary>
/// The parts of one node, joined: 1 store, 2 topics, 3 item index and its feeder, 4 scoring service, 5 shards in their cluster. Made once and drained once.
/// </summary>
internal sealed class RunningEngine : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();

    private RunningEngine() { }

    /// <summary>Partitions of <c>events</c>.</summary>
    public int Partitions { get; private set; }

    /// <summary>This member of the cluster.</summary>
    public EngineNode Node { get; private set; } = null!;

    /// <summary>The item index.</summary>
    public ItemIndex Items { get; private set; } = null!;

    /// <summary>Its feeder; null on a witness, which recommends nothing.</summary>
    public ItemIndexFeeder? Feeder { get; private set; }

    /// <summary>The scoring service; null on a witness.</summary>
    public ScoringService? Scoring { get; private set; }

    /// <summary>The broker's probe.</summary>
    public BrokerProbe Probe { get; private set; } = null!;

    /// <summary>Starts every part in order; where one fails those before it are closed again.</summary>
    /// <exception cref="Core.Errors.EngineException">Broker or store are away (retry), or a person must act.</exception>
    public static async Task<RunningEngine> StartAsync(EngineParts parts, CancellationToken cancellation)
    {
        var engine = new RunningEngine();
        try
        {
            await engine.StartPartsAsync(parts, cancellation);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Drains the shards, then closes the parts, last one first.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var part)) await part.DisposeAsync();
    }

    private async Task StartPartsAsync(EngineParts parts, CancellationToken cancellation)
    {
        var settings = parts.Settings;
        await parts.Store.PrepareAsync(cancellation); // 1
        Partitions = await parts.PrepareTopicsAsync(cancellation); // 2
        Probe = Own(new BrokerProbe(parts.Kafka, settings.Get<LifetimeOptions>(), parts.Time, parts.Loggers));
        var cluster = settings.Get<ClusterOptions>() with { Partitions = Partitions };
        var topics = parts.Kafka.Topics;
        var file = new ItemIndexFile(settings.Get<ItemIndexFileOptions>(), parts.LocalFolder, [topics.Catalog, topics.Sessions], parts.Loggers.CreateLogger<ItemIndexFile>());
        Items = file.Load(new ItemDictionary(), settings.Get<ItemIndexOptions>(), out var positions);
        var factory = cluster.Role == NodeRole.Worker ? await WorkerPartsAsync(parts, settings, file, positions, cancellation) : null;
        Node = Own(new EngineNode(cluster, settings.Get<ShardDriverOptions>(), factory, parts.Loggers)); // 5
        await Node.StartAsync(cancellation);
    }

    private async Task<UserShardFactory> WorkerPartsAsync(EngineParts parts, SettingsSnapshot settings, ItemIndexFile file, ItemPositions? positions, CancellationToken cancellation)
    {
        Feeder = Own(new ItemIndexFeeder(Items, positions, file, parts)); // 3
        Scoring = Own(ScoringService.Start(ShippedModel.OrConfigured(settings.Get<OnnxScorerOptions>()), parts.Loggers, parts.Time)); // 4
        await AwaitItemsAsync(Feeder, settings.Get<LifetimeOptions>(), parts, cancellation);
        var tables = new VectorTables(parts.Store, Items, Items.Items, settings.Get<FoldOptions>().Dimensions);
        await TrainedVectors.UseAsync(settings.Get<VectorOptions>(), tables, cancellation);
        return new UserShardFactory(Services(parts, settings, Scoring, tables), Own(parts.Brokers(Partitions)), parts.Store);
    }

    private ShardServices Services(EngineParts parts, SettingsSnapshot settings, ScoringService scoring, VectorTables tables)
    {
        var fold = settings.Get<FoldOptions>();
        var recall = settings.Get<RecallOptions>() with { RepeatHalfLife = fold.RepeatHalfLife, InterestHalfLife = fold.InterestHalfLife };
        var rerank = settings.Get<RerankOptions>();
        var decode = settings.Get<DecodeOptions>();
        return new ShardServices
        {
            Items = Items.Items,
            Decoder = () => new EventDecoder(Partitions, fold.FutureAllowance, decode),
            Recommender = () => new Recommender(Items, recall, rerank),
            Scorer = scoring.Scorer,
            VectorTables = tables,
            Time = parts.Time,
            Partitions = Partitions,
            Topics = parts.Kafka.Topics,
            Fold = fold,
            ConsentDefault = settings.Get<ConsentOptions>().Default == ConsentDefault.Granted ? ConsentFlags.All : ConsentFlags.None,
            Shard = settings.Get<ShardOptions>(),
            Churn = settings.Get<ChurnOptions>(),
            ChurnZone = TimeZoneInfo.FindSystemTimeZoneById(settings.Get<ChurnOptions>().TimeZone),
        };
    }

    // Recommendations made before the index is read would all be popular ones; profiles would not be wrong, so the wait is bounded.
    private static async Task AwaitItemsAsync(ItemIndexFeeder feeder, LifetimeOptions options, EngineParts parts, CancellationToken cancellation)
    {
        var wait = Task.Delay(options.ItemIndexWait, parts.Time, cancellation);
        if (await Task.WhenAny(feeder.CaughtUp, wait) != wait || feeder.CaughtUp.IsCompleted) return;
        cancellation.ThrowIfCancellationRequested();
        HostLog.ItemIndexNotAwaited(parts.Loggers.CreateLogger<RunningEngine>());
    }

    private T Own<T>(T part) where T : IAsyncDisposable
    {
        _owned.Push(part);
        return part;
    }
}
