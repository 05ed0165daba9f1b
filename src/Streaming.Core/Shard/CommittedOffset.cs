using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>
/// C as a take-over finds it, behind the fence. The batch records of <c>control</c> are in the transactions that move C, and are the log of a shard: where C does not come, or is behind them, they say where
/// the shard stands (docs/decisions/0020).
/// </summary>
internal sealed class CommittedOffset(IShardBroker broker)
{
    /// <summary>Reads C.</summary>
    /// <exception cref="BrokerUnavailableException">The broker does not answer, or a transaction hangs in <c>control</c>: then nothing tells whether it was committed.</exception>
    public async ValueTask<FoundOffsets> ReadAsync(CancellationToken cancellation)
    {
        // Behind the fence nothing of this partition can be open, unless the coordinator lost track of a transaction that it had decided on.
        if (await broker.HasOpenTransactionAsync(SourceTopic.Control, cancellation).ConfigureAwait(false))
        {
            if (!await TryEndHangingAsync(cancellation).ConfigureAwait(false) || await broker.HasOpenTransactionAsync(SourceTopic.Control, cancellation).ConfigureAwait(false))
            {
                ShardMetrics.HangingTransactions.Add(1);
                throw new BrokerUnavailableException($"partition {broker.Partition}: a transaction that its coordinator no longer knows hangs in the topic control, or a newer owner is at work: "
                    + "kafka-transactions.sh find-hanging tells which (docs/topics.md)");
            }
        }

        try
        {
            return new FoundOffsets(await broker.ReadCommittedAsync(cancellation).ConfigureAwait(false), false);
        }
        catch (BrokerUnavailableException)
        {
            var before = await broker.PeekCommittedAsync(cancellation).ConfigureAwait(false); // throws where it is the broker that is away
            ShardMetrics.HangingOffsets.Add(1);
            return new FoundOffsets(before, true);
        }
    }

    // Whether what hangs was committed is told by C alone: where that hangs too, or carries no number, nothing tells.
    private async ValueTask<bool> TryEndHangingAsync(CancellationToken cancellation)
    {
        try
        {
            if ((await broker.ReadCommittedAsync(cancellation).ConfigureAwait(false)).Sequence < 0) return false;
        }
        catch (BrokerUnavailableException)
        {
            return false;
        }

        await ForgottenBatches.EndHangingAsync(broker, cancellation).ConfigureAwait(false);
        return true;
    }
}
