using System.Globalization;
using System.Text;

namespace Streaming.Core.Shard;

/// <summary>
/// The shard's last transaction where its coordinator dropped the markers. Kafka does so where a partition has no leader at that moment: as the only broker shuts down it drops those of a whole transaction,
/// whatever the client was told. A commit counts only once its offsets are the group's (<see cref="IShardBroker.CommitAsync"/>), so nobody has seen or built on one whose markers are all missing, and it can be
/// undone; where the offsets' marker arrived they tell that it was committed (docs/decisions/0020).
/// </summary>
internal sealed class HangingTransaction(IShardBroker broker, int partitions)
{
    private static readonly OutputTopic[] Own = [OutputTopic.Control, OutputTopic.Recommendations, OutputTopic.ChurnAlerts, OutputTopic.Sessions, OutputTopic.DeadLetters];
    private static readonly OutputTopic[] Shared = [OutputTopic.Links, OutputTopic.Events];
    private readonly List<(OutputTopic Topic, int Partition)> _open = [];

    /// <summary>Where something is open, for messages.</summary>
    public string Places => string.Join(", ", _open.Select(o => $"{o.Topic.ToString().ToLowerInvariant()} [{o.Partition}]"));

    /// <summary>Looks whether something is open in the shard's own partitions, where nobody else writes in transactions.</summary>
    public async ValueTask<bool> IsThereAsync(CancellationToken cancellation)
    {
        _open.Clear();
        foreach (var topic in Own) await LookAsync(topic, broker.Partition, cancellation).ConfigureAwait(false);
        return _open.Count > 0;
    }

    /// <summary>Ends what hangs with an abort, and waits for the markers. An open transaction of anybody else stays as it is.</summary>
    /// <param name="stable">C, where it is stable.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>False where nothing tells how it ended; then it stays.</returns>
    public async ValueTask<bool> TryEndAsync(GroupOffsets? stable, CancellationToken cancellation)
    {
        if (!_open.Contains((OutputTopic.Control, broker.Partition))) return await AbortAllAsync(cancellation).ConfigureAwait(false); // aborted before its batch record was there
        var control = await broker.ReadBoundsAsync(SourceTopic.Control, cancellation).ConfigureAwait(false);
        if (await ForgottenBatches.LastAsync(broker, control.StableEnd, cancellation).ConfigureAwait(false) is not { } last || stable is not { } group) return await AbortAllAsync(cancellation).ConfigureAwait(false);
        if (group.Sequence < 0 && group != GroupOffsets.None) return false; // somebody moved them
        if (group.Sequence < last) return await AbortAllAsync(cancellation).ConfigureAwait(false);
        await AbortAsync([(OutputTopic.Control, broker.Partition)], cancellation).ConfigureAwait(false); // committed: its records in control are written once more
        return true;
    }

    private async ValueTask<bool> AbortAllAsync(CancellationToken cancellation)
    {
        foreach (var topic in Shared)
        {
            for (var partition = 0; partition < partitions; partition++) await LookAsync(topic, partition, cancellation).ConfigureAwait(false);
        }

        await AbortAsync(_open, cancellation).ConfigureAwait(false);
        return true;
    }

    private async ValueTask LookAsync(OutputTopic topic, int partition, CancellationToken cancellation)
    {
        if (await broker.HasOpenTransactionAsync(topic, partition, cancellation).ConfigureAwait(false)) _open.Add((topic, partition));
    }

    // A transaction that has a record in a partition ends whatever the same producer left open there.
    private async ValueTask AbortAsync(List<(OutputTopic Topic, int Partition)> at, CancellationToken cancellation)
    {
        var key = Encoding.UTF8.GetBytes(broker.Partition.ToString(CultureInfo.InvariantCulture));
        broker.Begin();
        foreach (var (topic, partition) in at) broker.Produce(topic, partition, key, default);
        await broker.FlushAsync(cancellation).ConfigureAwait(false);
        await broker.AbortAsync(cancellation).ConfigureAwait(false);
        await broker.InitTransactionsAsync(cancellation).ConfigureAwait(false);
        ShardMetrics.EndedTransactions.Add(1);
    }
}
