using System.Globalization;
using System.Text;
using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>
/// The shard's last transaction where its coordinator dropped the markers, that of <c>control</c> among them. Kafka does so where a partition has no leader at that moment: as the only broker shuts down it
/// drops those of a whole transaction, whatever the client was told. A commit counts only once its offsets are the group's (<see cref="IShardBroker.CommitAsync"/>), so nobody has built on one whose
/// markers are all missing, and it can be undone; where the offsets' marker arrived they tell that it was committed (docs/decisions/0020).
/// </summary>
internal sealed class HangingTransaction(IShardBroker broker, int partitions)
{
    private static readonly OutputTopic[] Own = [OutputTopic.Recommendations, OutputTopic.ChurnAlerts, OutputTopic.Sessions, OutputTopic.DeadLetters];
    private static readonly OutputTopic[] Shared = [OutputTopic.Links, OutputTopic.Events];

    /// <summary>Looks whether one hangs: something is open in the shard's partition of <c>control</c>, where nobody else writes in transactions.</summary>
    public ValueTask<bool> IsThereAsync(CancellationToken cancellation) => broker.HasOpenTransactionAsync(OutputTopic.Control, broker.Partition, cancellation);

    /// <summary>Ends what hangs with an abort; initialise afterwards, which waits for the markers. An open transaction of anybody else stays as it is.</summary>
    /// <returns>False where nothing tells how it ended; then it stays.</returns>
    /// <exception cref="BrokerUnavailableException">The broker does not answer.</exception>
    public async ValueTask<bool> TryEndAsync(CancellationToken cancellation)
    {
        var group = await broker.PeekCommittedAsync(cancellation).ConfigureAwait(false);
        if (group.Sequence < 0 && group != GroupOffsets.None) return false; // somebody moved them
        var control = await broker.ReadBoundsAsync(SourceTopic.Control, cancellation).ConfigureAwait(false);
        var last = await ForgottenBatches.LastAsync(broker, control.StableEnd, cancellation).ConfigureAwait(false);
        List<(OutputTopic Topic, int Partition)> open = [(OutputTopic.Control, broker.Partition)];
        // One that was committed is ended in control alone, and its records there are written once more; the next commit ends it elsewhere.
        if (last is null || group.Sequence < last) await FindOthersAsync(open, cancellation).ConfigureAwait(false);
        await AbortAsync(open, group, cancellation).ConfigureAwait(false);
        return true;
    }

    private async ValueTask FindOthersAsync(List<(OutputTopic Topic, int Partition)> open, CancellationToken cancellation)
    {
        foreach (var at in Own.Select(topic => (topic, broker.Partition)).Concat(Shared.SelectMany(topic => Enumerable.Range(0, partitions).Select(partition => (topic, partition)))))
        {
            if (await broker.HasOpenTransactionAsync(at.topic, at.Item2, cancellation).ConfigureAwait(false)) open.Add(at);
        }
    }

    // A transaction that has a record in a partition ends whatever the same producer left open there; one that moves the group's offsets, what of them is pending.
    private async ValueTask AbortAsync(List<(OutputTopic Topic, int Partition)> at, GroupOffsets group, CancellationToken cancellation)
    {
        var key = Encoding.UTF8.GetBytes(broker.Partition.ToString(CultureInfo.InvariantCulture));
        broker.Begin();
        foreach (var (topic, partition) in at) broker.Produce(topic, partition, key, "{}"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(Math.Max(0, group.Offsets.Events), Math.Max(0, group.Offsets.Links), Math.Max(0, group.Offsets.Control)), group.Sequence, cancellation).ConfigureAwait(false);
        await broker.FlushAsync(cancellation).ConfigureAwait(false);
        await broker.AbortAsync(cancellation).ConfigureAwait(false);
        ShardMetrics.EndedTransactions.Add(1);
    }
}
