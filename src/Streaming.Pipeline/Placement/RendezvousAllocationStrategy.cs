using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Microsoft.Extensions.Logging;

namespace Streaming.Pipeline.Placement;

/// <summary>
/// Brings <see cref="RendezvousPlan"/> to the shard coordinator. It knows a region by the host and port of its member, whichever node the coordinator runs on:
/// the coordinator's own region has a local path, which stands for the coordinator's node. Members that join or leave, or cannot be reached, host nothing new.
/// </summary>
/// <param name="membership">The members, seen from the coordinator's node.</param>
/// <param name="shards">Number of all shards.</param>
/// <param name="maxMoves">Shards that may be on the move at one time.</param>
/// <param name="logger">Where failures are logged.</param>
internal sealed class RendezvousAllocationStrategy(IPlacementView membership, int shards, int maxMoves, ILogger logger) : IShardAllocationStrategy
{
    /// <inheritdoc/>
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var hosts = Hosts(currentShardAllocations);
        if (hosts.Count == 0) return Task.FromResult(Fallback(requester, currentShardAllocations));
        var loads = hosts.ToDictionary(host => host.Key, host => currentShardAllocations[host.Value].Count, StringComparer.Ordinal);
        return Task.FromResult(hosts[RendezvousPlan.Choose(shardId, loads, shards)]);
    }

    /// <inheritdoc/>
    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
        IImmutableSet<string> rebalanceInProgress)
    {
        var none = Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);
        try
        {
            // One round at a time: where the moving shards will land is not in the allocations yet.
            if (rebalanceInProgress.Count > 0) return none;
            var placed = Hosts(currentShardAllocations).ToDictionary(host => host.Key,
                host => (IReadOnlyCollection<string>)currentShardAllocations[host.Value], StringComparer.Ordinal);
            var moves = RendezvousPlan.Moves(placed, maxMoves);
            if (moves.Count == 0) return none;
            PipelineLog.Rebalancing(logger, moves.Count, shards);
            return Task.FromResult<IImmutableSet<string>>(moves.ToImmutableHashSet(StringComparer.Ordinal));
        }
#pragma warning disable CA1031 // The coordinator calls this inline and does not survive a throw: then no shard would ever move or heal again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            PipelineLog.RebalanceFailed(logger, error);
            return none;
        }
    }

    /// <summary>Regions that may host, by the name of their node. Two regions of one address are two incarnations of a member; the one with fewer shards just came and is the one that lives.</summary>
    private Dictionary<string, IActorRef> Hosts(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
    {
        var hosts = new Dictionary<string, IActorRef>(StringComparer.Ordinal);
        foreach (var region in allocations.Keys.OrderByDescending(region => allocations[region].Count))
        {
            var address = NodeOf(region);
            if (membership.MayHost(address)) hosts[Name(address)] = region;
        }

        return hosts;
    }

    /// <summary>Where no member is fit the coordinator still needs an answer: the requester, or else the first region by name.</summary>
    private IActorRef Fallback(IActorRef requester, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
        allocations.ContainsKey(requester) ? requester : allocations.Keys.OrderBy(region => Name(NodeOf(region)), StringComparer.Ordinal).First();

    private Address NodeOf(IActorRef region) => region.Path.Address.HasLocalScope ? membership.Self : region.Path.Address;

    /// <summary>Host and port alone: what stays the same when the member starts again.</summary>
    private static string Name(Address address) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");
}
