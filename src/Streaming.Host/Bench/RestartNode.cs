using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>What one process of the engine shares between its shards, with nothing kept of the process before: item numbers, vector tables, an item index with popular items and session neighbours, the store.</summary>
internal sealed class RestartNode : IAsyncDisposable
{
    private readonly ItemIndex _index;
    private readonly KafkaOptions _kafka;
    private readonly List<UserShard> _shards = [];
    private KafkaNode? _clients;

    private RestartNode(ISnapshotStore store, ItemIndex index, ShardServices services, KafkaOptions kafka) => (Store, _index, Services, _kafka) = (store, index, services, kafka);

    /// <summary>The store.</summary>
    public ISnapshotStore Store { get; }

    /// <summary>What the shards share.</summary>
    public ShardServices Services { get; }

    /// <summary>The shards, once taken over.</summary>
    public IReadOnlyList<UserShard> Shards => _shards;

    /// <summary>Makes all that is there before a shard is.</summary>
    public static async Task<RestartNode> CreateAsync(RestartBenchOptions options, KafkaOptions kafka, BenchStore place, ShardOptions settings, CancellationToken cancellation)
    {
        var store = await place.OpenAsync(cancellation);
        var fold = new FoldOptions();
        var index = new ItemIndex(new ItemDictionary(), new ItemIndexOptions { MaxSessions = Math.Max(options.Sessions, 1) });
        index.Apply(Enumerable.Range(0, options.Items).Select(i => new CatalogChange(DrawnSessions.Id(i), new CatalogItem { ItemId = DrawnSessions.Id(i) })));
        index.Apply(DrawnSessions.Of(new Random((int)options.Seed), options.Sessions, options.Items, cancellation));
        index.Refresh();
        var tables = new VectorTables(store, index, index.Items, fold.Dimensions);
        await tables.UseBaseAsync(VectorTableBlob.Write(fold.Dimensions, FoldBench.Vectors(options.Items, fold.Dimensions)), cancellation);
        var services = new ShardServices
        {
            Items = index.Items,
            Decoder = () => new EventDecoder(options.Shards, fold.FutureAllowance),
            Recommender = () => new Recommender(index, new RecallOptions(), new RerankOptions()),
            Scorer = new FoldBench.NoScorer(),
            VectorTables = tables,
            Time = TimeProvider.System,
            Partitions = options.Shards,
            Topics = kafka.Topics,
            Fold = fold,
            ConsentDefault = ConsentFlags.All,
            Shard = settings,
            Churn = new ChurnOptions(),
        };
        return new RestartNode(store, index, services, kafka);
    }

    /// <summary>Makes the clients and takes every shard over, all at the same time, as a node does.</summary>
    public async Task TakeOverAsync(CancellationToken cancellation)
    {
        _clients = new KafkaNode(_kafka, Services.Partitions, NullLogger<KafkaNode>.Instance);
        for (var p = 0; p < Services.Partitions; p++) _shards.Add(new UserShard(Services, await _clients.OpenAsync(p, cancellation), await Store.OpenShardAsync(p, cancellation)));
        await Task.WhenAll(_shards.Select(s => Task.Run(() => s.TakeOverAsync(cancellation).AsTask(), cancellation)));
    }

    /// <summary>Drives every shard until it stands where it is wanted.</summary>
    public Task DriveAsync(Func<ShardStatus, int, bool> isDone, CancellationToken cancellation) =>
        Task.WhenAll(_shards.Select(s => Task.Run(() => ShardPump.RunAsync(s, null, status => isDone(status, s.Partition), cancellation), cancellation)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var shard in _shards) await shard.DisposeAsync();
        if (_clients is not null) await _clients.DisposeAsync();
        await Store.DisposeAsync();
        _index.Dispose();
    }
}
