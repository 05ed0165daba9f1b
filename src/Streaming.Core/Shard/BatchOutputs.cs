using Streaming.Core.Decode;
using Streaming.Core.Emit;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>Turns what Fold says into records of the batch's transaction.</summary>
internal sealed class BatchOutputs(OutputWriter writer, OutputBuffer buffer, int partition, int partitions, Func<long> streamTimeMs) : IFoldOutputs
{
    /// <summary>Where the records go.</summary>
    public OutputBuffer Into { get; set; } = buffer;

    /// <summary>Where set, takes the users whose session record was written: a batch that deferred its due entries says so, since a replay cannot know who was in memory.</summary>
    public HashSet<UserKey>? Ended { get; set; }

    /// <inheritdoc/>
    public void SessionClosed(UserState user)
    {
        Ended?.Add(user.Key);
        Into.Add(OutputTopic.Sessions, partition, default, writer.ClosedSession(user));
        ShardMetrics.Sessions.Add(1);
    }

    /// <inheritdoc/>
    public void Linked(UserState guest, long offset) => AddLink(guest, writer.Link(guest, offset));

    /// <inheritdoc/>
    public void LinkedEvent(UserState guest, in DecodedEvent e, int item) => AddLink(guest, writer.LinkEvent(guest, e, item));

    /// <inheritdoc/>
    public void Erased(UserState user, long offset) => Into.Add(OutputTopic.Sessions, partition, default, writer.SessionsErased(user.Key, offset, user.ErasedAtMs));

    /// <inheritdoc/>
    public void GuestErased(UserState user, LinkedGuest guest, long offset) =>
        Into.Add(OutputTopic.Events, Murmur2.Partition(guest.Key.Id, partitions), guest.Key.Id, writer.GuestErase(guest.Key, user.Key, offset, streamTimeMs()));

    private void AddLink(UserState guest, ReadOnlySpan<byte> delta)
    {
        var user = guest.LinkedTo!.Value.Id;
        Into.Add(OutputTopic.Links, Murmur2.Partition(user, partitions), user, delta);
        ShardMetrics.Links.Add(1);
    }
}
