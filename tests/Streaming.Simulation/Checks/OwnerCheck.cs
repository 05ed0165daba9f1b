using Streaming.Core.Shard;

namespace Streaming.Simulation.Checks;

/// <summary>
/// What an owner builds on the one before it: asked at every commit that a coordinator accepts, not at the end. A batch number is used once. It may be accepted again with the same offsets, where its markers were forgotten and
/// it is completed, or with others where they reached nothing at all, so that it was undone; and no batch goes back behind the one before.
/// <para>The two assertions about epochs (one owner commits with an epoch, no older epoch commits after a newer) are true by construction: <see cref="Broker.Coordinator"/> gives each epoch once and refuses older ones before this is asked, so
/// that no mistake of the engine can break them. They guard the coordinator's own code, and prove nothing of the promise that one owner can commit: that is Kafka's fence, which the cases with real processes try.</para>
/// </summary>
internal sealed class OwnerCheck(int partition, Action<string> fail)
{
    private readonly Dictionary<int, object> _owners = [];
    private readonly Dictionary<long, (ShardOffsets Next, bool IsReached)> _batches = [];
    private long _last;

    /// <summary>Commits that were looked at.</summary>
    public int Looks { get; private set; }

    private int _newest;

    /// <summary>A commit was accepted.</summary>
    /// <param name="owner">The initialised client that asked.</param>
    /// <param name="epoch">Epoch that it asked with.</param>
    /// <param name="batch">Offsets that it moves, with the number of their batch; null: none.</param>
    public void Accepted(object owner, int epoch, GroupOffsets? batch)
    {
        Looks++;
        if (!_owners.TryAdd(epoch, owner) && !ReferenceEquals(_owners[epoch], owner)) fail($"partition {partition}: two owners had commits accepted with epoch {epoch}");
        if (epoch < _newest) fail($"partition {partition}: an owner of epoch {epoch} had a commit accepted after one of epoch {_newest}");
        _newest = Math.Max(_newest, epoch);
        if (batch is { } moved) Move(moved.Sequence, moved.Offsets);
    }

    /// <summary>A marker of a commit arrived: somebody may build on its batch from now on.</summary>
    public void Reached(long sequence)
    {
        if (_batches.TryGetValue(sequence, out var batch)) _batches[sequence] = batch with { IsReached = true };
    }

    private void Move(long sequence, ShardOffsets next)
    {
        if (sequence > _last + 1) fail($"partition {partition}: batch {sequence} was committed after {_last}");
        if (_batches.TryGetValue(sequence, out var before) && before.Next != next)
        {
            if (before.IsReached || sequence < _last) fail($"partition {partition}: batch {sequence} was committed twice: up to {before.Next}, then up to {next}");
            _batches.Remove(sequence);
        }

        if (_batches.TryGetValue(sequence - 1, out var last) && (next.Events < last.Next.Events || next.Links < last.Next.Links || next.Control < last.Next.Control))
            fail($"partition {partition}: batch {sequence} was committed up to {next}, the one before up to {last.Next}");
        _batches.TryAdd(sequence, (next, false));
        _last = Math.Max(_last, sequence);
    }
}
