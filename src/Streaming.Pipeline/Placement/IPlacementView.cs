using Akka.Actor;

namespace Streaming.Pipeline.Placement;

/// <summary>Members as the placement sees them.</summary>
internal interface IPlacementView
{
    /// <summary>Address of the node that asks.</summary>
    Address Self { get; }

    /// <summary>True where a member at the address is up and can be reached.</summary>
    bool MayHost(Address address);
}
