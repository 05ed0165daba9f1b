using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>
/// C as a take-over finds it, behind the fence. The batch records of <c>control</c> are in the transactions that move C, and are the log of a shard: where C does not come, or is behind them, they say where
/// the shard stands (docs/decisions/0020).
/// </summary>
internal sealed class CommittedOffset(IShardBroker broker, HangingTransaction hanging)
{
    /// <summary>Reads C. Null: a transaction hung and was ended, so that the take-over must begin anew.</summary>
    /// <exception cref="BrokerUnavailableException">The broker does not answer, or a transaction is open in <c>control</c> of which nothing tells how it ended.</exception>
    public async ValueTask<FoundOffsets?> TryReadAsync(CancellationToken cancellation)
    {
        // Behind the fence nothing of this partition can be open, unless the coordinator dropped its markers.
#if SIMULATION_DEFECTS
        if (!Defects.Has(Defect.HangingTransactionsIgnored))
#endif
        if (await hanging.TryEndAsync(cancellation).ConfigureAwait(false)) return null;
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

    /// <summary>What to say where it cannot be ended.</summary>
    public static BrokerUnavailableException Hangs(int partition)
    {
        ShardMetrics.HangingTransactions.Add(1);
        return new BrokerUnavailableException($"partition {partition}: a transaction that its coordinator no longer knows hangs in the topic control and nothing tells how it ended, or hangs anywhere and could not be ended, or a newer owner is at work: "
            + "kafka-transactions.sh find-hanging tells which (docs/topics.md)");
    }
}
