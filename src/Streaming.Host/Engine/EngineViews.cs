using Streaming.Core.Shard;
using Streaming.Host.Http;
using Streaming.Pipeline.Membership;
using Streaming.Pipeline.Shards;

namespace Streaming.Host.Engine;

/// <summary>The parts of a running engine as HTTP shows them.</summary>
internal static class EngineViews
{
    /// <summary>A shard.</summary>
    public static ShardLine Line(LocalShard shard)
    {
        var status = shard.Status ?? new ShardStatus(shard.Phase, ShardOffsets.None, ShardOffsets.None, 0, 0, 0, 0, 0, null);
        return new ShardLine(shard.Partition, status with { Phase = shard.Phase, Error = shard.Error });
    }

    /// <summary>A member.</summary>
    public static MemberLine Line(ClusterMember member) => new(member.Address, member.Roles, member.Status, member.Reachable, member.IsSelf);

    /// <summary>The item index.</summary>
    public static ItemIndexLine Items(RunningEngine? engine)
    {
        if (engine is null) return new ItemIndexLine(0, 0, 0, false);
        var stats = engine.Items.Stats;
        return new ItemIndexLine(stats.Items, stats.CatalogItems, stats.Sessions, engine.Feeder?.CaughtUp.IsCompletedSuccessfully ?? true);
    }

    /// <summary>What keeps a node from being ready.</summary>
    public static IReadOnlyList<ReadinessCheck> Readiness(RunningEngine engine)
    {
        var problem = engine.Probe.Problem;
        var read = engine.Feeder?.CaughtUp ?? Task.CompletedTask;
        var members = engine.Node.Members;
        return
        [
            new ReadinessCheck("broker", problem is null, problem ?? "answers"),
            new ReadinessCheck("member", engine.Node.IsUp, engine.Node.IsUp ? $"{members.Count} member{(members.Count == 1 ? "" : "s")}" : "not an Up member"),
            Shards(engine.Node.Shards.Shards, engine.Partitions, engine.Feeder is not null && members.Count(m => m.Roles.Contains("worker")) <= 1),
            new ReadinessCheck("items", read.IsCompletedSuccessfully, read.IsFaulted ? read.Exception.GetBaseException().Message : read.IsCompleted ? "read to the end" : "being read"),
        ];
    }

    /// <summary>Result of a query.</summary>
    public static UserLookupOutcome Outcome(UserResult result) => result switch
    {
        UserResult.Found => UserLookupOutcome.Found,
        UserResult.Unknown => UserLookupOutcome.Unknown,
        UserResult.Unavailable => UserLookupOutcome.Unavailable,
        UserResult.TimedOut => UserLookupOutcome.TimedOut,
        _ => UserLookupOutcome.Failed,
    };

    // The only worker must hold every shard; among several, whatever was placed here must run.
    private static ReadinessCheck Shards(IReadOnlyList<LocalShard> shards, int partitions, bool isOnlyWorker)
    {
        var running = shards.Count(s => s.Phase == ShardPhases.Running);
        var wanted = isOnlyWorker ? partitions : shards.Count;
        return new ReadinessCheck("shards", running >= wanted, $"{running} of {wanted} run here");
    }
}
