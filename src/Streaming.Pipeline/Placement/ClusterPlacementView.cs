using Akka.Actor;
using Akka.Cluster;

namespace Streaming.Pipeline.Placement;

/// <summary>The cluster's members as the placement sees them.</summary>
internal sealed class ClusterPlacementView(Cluster cluster) : IPlacementView
{
    /// <inheritdoc/>
    public Address Self => cluster.SelfAddress;

    /// <inheritdoc/>
    public bool MayHost(Address address)
    {
        var state = cluster.State;
        return state.Members.Any(member => member.Address == address && member.Status == MemberStatus.Up)
            && !state.Unreachable.Any(member => member.Address == address);
    }
}
