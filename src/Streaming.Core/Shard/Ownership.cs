using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>What an owner can tell of a newer one that it heard no fence of: from the committed offset C, which only owners move, and from a transaction that nobody commits.</summary>
internal sealed class Ownership(IShardBroker broker)
{
    private ShardOffsets? _own, _inDoubt;

    /// <summary>C is this: read at a take-over that went well, or committed.</summary>
    public void Took(ShardOffsets committed) => (_own, _inDoubt) = (committed, null);

    /// <summary>A commit of these offsets begins: until it is answered either may be C.</summary>
    public void Sends(ShardOffsets next) => _inDoubt = next;

    /// <summary>
    /// Gives way where C moved further than anything this owner did. An owner that slept past every time limit hears of no fence: its call times out, and initialising again would take the
    /// partition from whoever has it by now.
    /// </summary>
    /// <exception cref="FencedException">A newer owner committed.</exception>
    public async ValueTask YieldToNewerAsync(CancellationToken cancellation)
    {
        if (_own is not { } own) return;
        ShardOffsets now;
        try
        {
            now = (await broker.PeekCommittedAsync(cancellation).ConfigureAwait(false)).Offsets;
        }
        catch (BrokerUnavailableException)
        {
            return; // it tells nothing; what follows asks the broker too, and waits for it as long as it may
        }

        if (now == own || now == _inDoubt || !(now.Events > own.Events || now.Links > own.Links || now.Control > own.Control)) return;
        throw new FencedException($"partition {broker.Partition}: the committed offset is {now.Events}, this owner's last was {own.Events}: a newer owner is at work");
    }

    /// <summary>Makes sure that nobody took the partition since C was read. Ends with a transaction that is never committed: the broker refuses it where the epoch is old.</summary>
    /// <exception cref="FencedException">Somebody did.</exception>
    public async ValueTask ProveAsync(FoundOffsets found, EngineException error, CancellationToken cancellation)
    {
        var committed = found.Offsets;
        ShardOffsets now;
        try
        {
            now = (await broker.ReadCommittedAsync(cancellation).ConfigureAwait(false)).Offsets;
        }
        catch (BrokerUnavailableException) when (found.IsHanging)
        {
            return; // it still hangs: nobody has committed since
        }

        if (found.IsHanging || now != committed)
            throw new FencedException($"partition {broker.Partition}: the committed offset moved from {committed.Events} to {now.Events} during the take-over: a newer owner is at work", error);
        if (committed.Events < 0) return;
        broker.Begin();
        await broker.SendOffsetsAsync(committed, found.Group.Sequence, cancellation).ConfigureAwait(false);
        await broker.AbortAsync(cancellation).ConfigureAwait(false);
    }
}
