using Streaming.Core.Events;
using Streaming.Core.Snapshot;

namespace Streaming.Simulation.Store;

/// <summary>Address of a due entry.</summary>
internal readonly record struct DueAt(long Bucket, UserKey User, DueKind Kind) : IComparable<DueAt>
{
    public int CompareTo(DueAt other)
    {
        var order = Bucket.CompareTo(other.Bucket);
        if (order == 0) order = User.CompareTo(other.User);
        return order == 0 ? Kind.CompareTo(other.Kind) : order;
    }
}
