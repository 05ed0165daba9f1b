using Streaming.Core.Decode;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Simulation.Broker;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Store;

namespace Streaming.Simulation.Nodes;

/// <summary>One incarnation of a node: a process with its clock, its item numbers, its scorer, and the shards that it was granted.</summary>
#pragma warning disable CA1001 // A process that is killed disposes nothing, and the simulated store holds nothing to dispose.
internal sealed class Node
#pragma warning restore CA1001
{
    private readonly World _world;
    private readonly SimulatedStore _store;
    private readonly ShardServices _services;

    public Node(World world, int number, NodeSettings settings, long clockErrorMs)
    {
        _world = world;
        (Number, Settings) = (number, settings);
        ClockErrorMs = clockErrorMs;
        Process = new Process($"n{number}");
        Time = new SimulatedTime(world.Scheduler, Process, () => Plan.StartMs + (world.Scheduler.NowUs / 1000) + ClockErrorMs);
        var (plan, fold) = (world.Plan, settings.Fold);
        _store = new SimulatedStore(world.Store, world.StoreWire, world.Faults, Process, plan.StoreTimeOutUs, plan.IsAtomicStore);
        var items = new ItemDictionary();
        _services = new ShardServices
        {
            Items = items,
            Decoder = () => new EventDecoder(plan.Partitions, fold.FutureAllowance, Plan.Decode),
            Recommender = () => new OneItemRecommender(items),
            Scorer = new MoodyScorer(world, Process),
            VectorTables = new VectorTables(_store, null, items, fold.Dimensions),
            Time = Time,
            Partitions = plan.Partitions,
            Fold = fold,
            ConsentDefault = settings.ConsentDefault,
            // A setting may change between two starts; what the store was begun with counts.
            Shard = world.Faults.Chance(0.2) ? plan.Shard with { DueBucket = TimeSpan.FromHours(world.Faults.Pick(1, 6, 48)) } : plan.Shard,
            Churn = plan.Churn,
            ChurnZone = plan.ChurnZone,
        };
    }

    public int Number { get; }

    /// <summary>Fold settings of this start.</summary>
    public NodeSettings Settings { get; }
    public Process Process { get; }
    public SimulatedTime Time { get; }

    /// <summary>How far the wall clock is off, ms; may change at any time.</summary>
    public long ClockErrorMs { get; set; }

    /// <summary>Shards here now, by partition, the ones being given back included.</summary>
    public Dictionary<int, ShardRun> Runs { get; } = [];

    /// <summary>When a fenced partition may be tried again, µs.</summary>
    public Dictionary<int, (long UntilUs, int Times)> Fences { get; } = [];

    public World World => _world;

    /// <summary>Makes this node run a partition, whoever else does.</summary>
    public void Grant(int partition)
    {
        if (Runs.ContainsKey(partition)) return;
        var run = new ShardRun(this, partition);
        Runs.Add(partition, run);
        run.Start();
    }

    /// <summary>A shard with its own connection and rows.</summary>
    public ValueTask<UserShard> CreateAsync(int partition) => CreateAsync(partition, _world.Broker);

    /// <summary>A shard connected to some cluster.</summary>
    public async ValueTask<UserShard> CreateAsync(int partition, BrokerModel cluster)
    {
        var rows = (SimulatedShardStore)await _store.OpenShardAsync(partition, CancellationToken.None).ConfigureAwait(false);
        var broker = new SimulatedShardBroker(cluster, _world.BrokerWire, _world.Faults, Process, partition, Plan.RequestTimeOutUs) { Initialised = rows.OwnerForgets };
        return new UserShard(_services, broker, rows);
    }
}
