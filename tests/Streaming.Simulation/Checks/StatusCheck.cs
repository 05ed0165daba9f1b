using Streaming.Core.Shard;

namespace Streaming.Simulation.Checks;

/// <summary>What a shard's status says must hold at every moment: what it calls committed is, and what it calls durable some R in the store says.</summary>
internal sealed class StatusCheck(World world)
{
    /// <summary>Looks at a shard whose step ended.</summary>
    public void Look(UserShard shard)
    {
        var (status, decided, written) = (shard.Status, world.Broker.Coordinator(shard.Partition).Decided.Offsets, world.Store.Written(shard.Partition));
        if (status.Committed.Events > Math.Max(0, decided.Events) || status.Committed.Links > Math.Max(0, decided.Links))
            world.Fail(Checker.Status, $"partition {shard.Partition} thinks that {status.Committed} is committed; it is {decided}");
        if (status.Durable.Events > status.Committed.Events) world.Fail(Checker.Status, $"partition {shard.Partition} says that {status.Durable} is durable, and that {status.Committed} is committed");
        // Nor more than ever was: a store that was rolled back since is another matter.
        if (status.Durable.Events > Math.Max(0, written.Events) || status.Durable.Links > Math.Max(0, written.Links))
            world.Fail(Checker.Status, $"partition {shard.Partition} says that {status.Durable} is durable; R in the store never went beyond {written}");
    }
}
