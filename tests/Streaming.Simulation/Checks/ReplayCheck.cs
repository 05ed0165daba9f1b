using System.Buffers.Binary;
using System.Text;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Simulation.Broker;
using Streaming.Simulation.Kernel;
using Streaming.Simulation.Nodes;

namespace Streaming.Simulation.Checks;

/// <summary>The same log replayed by the engine from its beginning into an empty store (the log alone holds the tables), without a fault: every row's content, and R, must be what the storm left, to the bit.</summary>
internal sealed class ReplayCheck(World world)
{
    public void Run()
    {
        var replay = ReplayAsync();
        while (!replay.IsCompleted)
        {
            if (!world.Scheduler.Step()) throw new InvalidOperationException("the calm replay waits for nothing");
        }

        replay.GetAwaiter().GetResult();
    }

    private async Task ReplayAsync()
    {
        var process = new Process("check");
        await using var store = new InMemorySnapshotStore();
        for (var p = 0; p < world.Plan.Partitions && !world.IsOver; p++)
        {
            await using var shard = new UserShard(Services(process, store, p), new SimulatedShardBroker(world.Broker, world.BrokerWire, world.Faults, process, p, Plan.RequestTimeOutUs), await store.OpenShardAsync(p, CancellationToken.None).ConfigureAwait(false));
            await shard.TakeOverAsync(CancellationToken.None).ConfigureAwait(false);
            await shard.HandOffAsync(CancellationToken.None).ConfigureAwait(false);
            await CompareAsync(p, await store.OpenShardAsync(p, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    private ShardServices Services(Process process, InMemorySnapshotStore store, int partition)
    {
        var plan = world.Plan;
        var items = new ItemDictionary();
        // The width of the due buckets is the store's, not the log's: a new store is begun with the same.
        var width = world.Store.Shard(partition).ReadShard(isStale: false).Blob is { } row ? TimeSpan.FromMilliseconds(ShardRowCodec.Decode(row).BucketMs) : plan.Shard.DueBucket;
        return new ShardServices
        {
            Items = items,
            Decoder = () => new EventDecoder(plan.Partitions, plan.Fold.FutureAllowance, Plan.Decode),
            Recommender = () => new OneItemRecommender(items),
            Scorer = new MoodyScorer(world, process),
            VectorTables = new VectorTables(store, null, items, plan.Fold.Dimensions),
            Time = new SimulatedTime(world.Scheduler, process, () => Plan.StartMs),
            Partitions = plan.Partitions,
            Fold = plan.Fold,
            ConsentDefault = ConsentFlags.All,
            Shard = plan.Shard with { DueBucket = width },
            Churn = plan.Churn,
            ChurnZone = plan.ChurnZone,
        };
    }

    // Where the marker of R's own batch was forgotten the batch is written once more, further on; an R that was durable by then keeps the place of the first.
    private static bool IsAlike(byte[]? stored, byte[]? replayed)
    {
        const int PlaceAndChecksum = sizeof(long) + sizeof(uint);
        if (stored is null || replayed is null) return ReferenceEquals(stored, replayed);
        if (stored.AsSpan().SequenceEqual(replayed)) return true;
        return stored.Length == replayed.Length && stored.AsSpan(0, stored.Length - PlaceAndChecksum).SequenceEqual(replayed.AsSpan(0, stored.Length - PlaceAndChecksum))
            && BinaryPrimitives.ReadInt64LittleEndian(stored.AsSpan(stored.Length - PlaceAndChecksum)) < BinaryPrimitives.ReadInt64LittleEndian(replayed.AsSpan(stored.Length - PlaceAndChecksum));
    }

    private static string Text(byte[]? row) => row is null ? "none" : Convert.ToHexString(row);

    private async Task CompareAsync(int partition, IShardStore calm)
    {
        var cells = world.Store.Shard(partition);
        var stormy = cells.Users().ToDictionary(u => Encoding.UTF8.GetString(u.Key), u => u.Blob);
        await foreach (var user in calm.ReadAllUsersAsync(CancellationToken.None).ConfigureAwait(false))
        {
            var key = Encoding.UTF8.GetString(user.Key);
            if (!stormy.Remove(key, out var row)) world.Fail(Checker.Replay, $"replay: {key} (partition {partition}) has a row only in the replay");
            else if (!UserRowCodec.Content(row).SequenceEqual(UserRowCodec.Content(user.Blob))) world.Fail(Checker.Replay, $"replay: {key} (partition {partition}): the row's content has other bits than a replay of the log");
        }

        foreach (var key in stormy.Keys) world.Fail(Checker.Replay, $"replay: {key} (partition {partition}) has a row that a replay of the log does not make");
        var (stored, replayed) = (cells.ReadShard(isStale: false), await calm.ReadShardAsync(CancellationToken.None).ConfigureAwait(false));
        if (!IsAlike(stored.Blob, replayed.Blob)) world.Fail(Checker.Replay, $"replay: R of partition {partition} has other bits than after a replay of the log: {Text(stored.Blob)}; replayed {Text(replayed.Blob)}");
    }
}
