using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>
/// The shard's last transaction where its coordinator dropped markers: all of them, or those of some partitions. Kafka does so where a partition has no leader at that moment, as while the only broker shuts down,
/// whatever the client was told. How it ended is told by what its markers reached: the group's offsets, which carry the sequence of its batch, and records of other partitions, which carry its number
/// (<see cref="TransactionHeader"/>). Where they reached nothing at all, nobody has built on it (<see cref="IShardBroker.CommitAsync"/>), and it is undone.
/// <para>What was left open can be ended by an abort alone: a commit that is cut short becomes one. So what was committed is written once more behind it, and what tells that it was is written before it: a take-over
/// that is cut short anywhere leaves the next one the same to do (docs/decisions/0020).</para>
/// </summary>
/// <param name="broker">The shard's broker.</param>
/// <param name="partitions">Partitions of links and of events.</param>
/// <param name="sends">Told of offsets before they are committed here: the group's will be this owner's own doing.</param>
internal sealed class HangingTransaction(IShardBroker broker, int partitions, Action<ShardOffsets> sends)
{
    private readonly HashSet<(OutputTopic Topic, int Partition, long Offset)> _ended = [];
    private readonly (OutputTopic Topic, int Partition) _control = (OutputTopic.Control, broker.Partition);

    private readonly List<(OutputTopic Topic, int Partition)> _elsewhere =
    [
        (OutputTopic.Recommendations, broker.Partition), (OutputTopic.ChurnAlerts, broker.Partition), (OutputTopic.Sessions, broker.Partition), (OutputTopic.DeadLetters, broker.Partition),
        .. Enumerable.Range(0, partitions).Select(partition => (OutputTopic.Links, partition)),
        .. Enumerable.Range(0, partitions).Select(partition => (OutputTopic.Events, partition)),
    ];

    /// <summary>
    /// Looks for what hangs, and does the next step to end it. Call behind the fence, where nothing of the shard can be open otherwise, and again after each step. Another shard's transaction stays as it is.
    /// </summary>
    /// <returns>True: something was done; initialise once more, which waits for the markers, and look again.</returns>
    /// <exception cref="BrokerUnavailableException">The broker does not answer, nothing tells how the transaction ended (somebody moved the group's offsets), or what was ended stands there again.</exception>
    public async ValueTask<bool> TryEndAsync(CancellationToken cancellation)
    {
        var open = await broker.FindOpenAsync([_control, .. _elsewhere], cancellation).ConfigureAwait(false);
        if (open.Count == 0) return false;
        var own = open.Where(r => r.Shard == broker.Partition && r.Topic != OutputTopic.Control).ToList();
        // Nobody else writes there in transactions.
        if (open.FirstOrDefault(r => r.Topic == OutputTopic.Control) is { } first) await EndInControlAsync(first, own, cancellation).ConfigureAwait(false);
        else if (own.Count > 0) await EndElsewhereAsync(own, cancellation).ConfigureAwait(false);
        else return false;
        return true;
    }

    private async ValueTask EndInControlAsync(TracedRecord first, List<TracedRecord> own, CancellationToken cancellation)
    {
        var group = await broker.PeekCommittedAsync(cancellation).ConfigureAwait(false);
        var batch = await ForgottenBatches.LastAsync(broker, first.Offset, cancellation).ConfigureAwait(false);
        if (batch is not null && group.Sequence >= batch.Sequence)
        {
            // Its records in control are written once more as C tells (ForgottenBatches).
            await AbortAsync([first], group, cancellation).ConfigureAwait(false);
        }
        else if (batch is not null && await IsCommittedElsewhereAsync(first, own, cancellation).ConfigureAwait(false))
        {
            var next = new ShardOffsets(batch.EventsTo, batch.LinksTo, batch.ControlTo);
            sends(next);
            broker.Begin(first.Transaction);
            await broker.SendOffsetsAsync(next, batch.Sequence, cancellation).ConfigureAwait(false);
            await broker.CommitAsync(cancellation).ConfigureAwait(false);
        }
        else
        {
            if (group.Sequence < 0 && group != GroupOffsets.None) throw CommittedOffset.Hangs(broker.Partition); // somebody moved them
            await AbortAsync([first, .. own.Where(r => r.Transaction >= 0 && r.Transaction == first.Transaction)], group, cancellation).ConfigureAwait(false);
            ShardMetrics.UndoneTransactions.Add(1);
        }
    }

    private async ValueTask EndElsewhereAsync(List<TracedRecord> own, CancellationToken cancellation)
    {
        var group = await broker.PeekCommittedAsync(cancellation).ConfigureAwait(false);
        var undone = 0;
        foreach (var transaction in own.GroupBy(r => r.Transaction))
        {
            if (transaction.Key == group.Transaction || await IsCommittedAsync(transaction.MinBy(r => r.TimeMs)!, [_control], cancellation).ConfigureAwait(false)) await AnnounceAsync(transaction.Key, [.. transaction], cancellation).ConfigureAwait(false);
            else undone++;
        }

        await AbortAsync(own, group, cancellation).ConfigureAwait(false);
        ShardMetrics.UndoneTransactions.Add(undone);
    }

    // Says where records of a committed transaction will be missing once what hangs is aborted (OutputRepair).
    private async ValueTask AnnounceAsync(long transaction, List<TracedRecord> open, CancellationToken cancellation)
    {
        var places = new List<ControlPlace>();
        foreach (var first in open)
        {
            var last = (await broker.ReadUncommittedAsync(first.Topic, first.Partition, first.Offset, transaction, cancellation).ConfigureAwait(false))[^1];
            places.Add(new ControlPlace { Topic = first.Topic.ToString(), Partition = first.Partition, From = first.Offset, To = last.Offset + 1, TimeMs = first.TimeMs });
        }

        broker.Begin();
        broker.Produce(OutputTopic.Control, broker.Partition, default, JsonSerializer.SerializeToUtf8Bytes(new ControlRepair { Transaction = transaction, Places = places }, ContractsJson.Default.ControlRepair));
        await broker.FlushAsync(cancellation).ConfigureAwait(false);
        await broker.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private async ValueTask<bool> IsCommittedAsync(TracedRecord record, IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation)
    {
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.HalfMarkedTransactionUndone)) return false;
#endif
        return record.Transaction >= 0 && await broker.IsCommittedAsync(record.Transaction, record.TimeMs, among, cancellation).ConfigureAwait(false);
    }

    // A record behind another's open transaction may be committed, and nobody can read it yet: that one is waited for. Where this shard's own holds others up meanwhile, they might wait for each other for ever:
    // then only as long as another's transaction may last. Where the first open record is this shard's, nothing of it behind that is committed.
    private async ValueTask<bool> IsCommittedElsewhereAsync(TracedRecord first, List<TracedRecord> own, CancellationToken cancellation)
    {
        var (unclear, holdsUp) = (_elsewhere, false);
        try
        {
            do
            {
                holdsUp |= own.Exists(r => r.Topic is OutputTopic.Links or OutputTopic.Events);
                unclear = unclear.FindAll(at => !own.Exists(r => (r.Topic, r.Partition) == at));
                own = [.. (await broker.FindOpenAsync(unclear, cancellation).ConfigureAwait(false)).Where(r => r.Shard == broker.Partition)];
            }
            while (own.Count > 0);
        }
        catch (RecordsHiddenException) when (holdsUp)
        {
            // what is not hidden decides
        }

        return await IsCommittedAsync(first, _elsewhere, cancellation).ConfigureAwait(false);
    }

    // A transaction that has a record in a partition ends whatever the same producer left open there; one that moves the group's offsets, what of them is pending.
    private async ValueTask AbortAsync(List<TracedRecord> hanging, GroupOffsets group, CancellationToken cancellation)
    {
        var key = Encoding.UTF8.GetBytes(broker.Partition.ToString(CultureInfo.InvariantCulture));
        // The marker was dropped once more, or the producer has another id than the one that left it open, whose transactions it cannot end.
        if (!hanging.TrueForAll(record => _ended.Add((record.Topic, record.Partition, record.Offset)))) throw CommittedOffset.Hangs(broker.Partition);
        broker.Begin();
        foreach (var record in hanging) broker.Produce(record.Topic, record.Partition, key, "{}"u8);
        await broker.SendOffsetsAsync(new ShardOffsets(Math.Max(0, group.Offsets.Events), Math.Max(0, group.Offsets.Links), Math.Max(0, group.Offsets.Control)), group.Sequence, cancellation).ConfigureAwait(false);
        await broker.FlushAsync(cancellation).ConfigureAwait(false);
        await broker.AbortAsync(cancellation).ConfigureAwait(false);
    }
}
