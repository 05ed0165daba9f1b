using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>
/// C as a take-over finds it, behind the fence. The batch records of <c>control</c> are in the transactions that move C, and are the log of a shard: where C does not come, or is behind them, they say where
/// the shard stands (docs/decisions/0020).
/// </summary>
internal sealed class CommittedOffset(IShardBroker broker, int partitions)
{
    /// <summary>Reads C.</summary>
    /// <exception cref="BrokerUnavailableException">The broker does not answer, or somebody else's transaction is open in <c>control</c>.</exception>
    public async ValueTask<FoundOffsets> ReadAsync(CancellationToken cancellation)
    {
        // Behind the fence nothing of this partition can be open, unless the coordinator dropped markers.
        var hanging = new HangingTransaction(broker, partitions);
        if (await hanging.IsThereAsync(cancellation).ConfigureAwait(false) && !await TryEndAsync(hanging, cancellation).ConfigureAwait(false))
        {
            ShardMetrics.HangingTransactions.Add(1);
            throw new BrokerUnavailableException($"partition {broker.Partition}: a transaction that its coordinator no longer knows hangs in {hanging.Places}, or a newer owner is at work: "
                + "kafka-transactions.sh find-hanging tells which (docs/topics.md)");
        }

        var stable = await TryReadAsync(cancellation).ConfigureAwait(false);
        if (stable is { } group) return new FoundOffsets(group, false);
        var before = await broker.PeekCommittedAsync(cancellation).ConfigureAwait(false); // throws where it is the broker that is away
        ShardMetrics.HangingOffsets.Add(1);
        return new FoundOffsets(before, true);
    }

    private async ValueTask<bool> TryEndAsync(HangingTransaction hanging, CancellationToken cancellation) =>
        await hanging.TryEndAsync(await TryReadAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false)
        && !await hanging.IsThereAsync(cancellation).ConfigureAwait(false);

    private async ValueTask<GroupOffsets?> TryReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await broker.ReadCommittedAsync(cancellation).ConfigureAwait(false);
        }
        catch (BrokerUnavailableException)
        {
            return null;
        }
    }
}
