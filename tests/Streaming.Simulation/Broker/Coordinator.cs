using Streaming.Core.Shard;
using Streaming.Simulation.Checks;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Broker;

/// <summary>
/// The transaction coordinator's record of one transactional id, after Kafka without KIP-890: one epoch an initialisation, not one a transaction. A request to end is judged by producer and epoch alone, so that one
/// which was late ends whatever transaction of its epoch is open when it arrives: the torn transaction that only a fresh initialisation prevents.
/// </summary>
internal sealed class Coordinator(BrokerModel broker, int partition, OwnerCheck owners)
{
    private enum Phase { Empty, Ongoing, Preparing, Complete }

    private readonly HashSet<(OutputTopic Topic, int Partition)> _partitions = [];
    private Phase _phase;
    private bool _isCommit;
    private GroupOffsets? _pending;
    private bool _hasOffsets;
    private long _number;
    private readonly HashSet<(OutputTopic Topic, int Partition)> _hanging = [];
    private bool _owesControl;
    private object? _opened;

    /// <summary>Epoch of the last initialisation.</summary>
    public int Epoch { get; private set; }

    /// <summary>The group's committed offsets of the partition, once the marker reached them.</summary>
    public GroupOffsets Group { get; private set; } = GroupOffsets.None;

    /// <summary>Offsets whose commit is decided, marker or not, and how many decisions there were.</summary>
    public (ShardOffsets Offsets, long Count) Decided { get; private set; } = (ShardOffsets.None, 0);

    /// <summary>True where a transactional offset waits for its marker: UNSTABLE_OFFSET_COMMIT.</summary>
    public bool IsUnstable => _pending is not null;

    /// <summary>True where nothing is open or being ended.</summary>
    public bool IsQuiet => _phase is Phase.Empty or Phase.Complete;

    /// <summary>The group's offsets expire, as after a quiet week. False where there are none, or a transaction is under way.</summary>
    public bool Expire()
    {
        if (!IsQuiet || IsUnstable || _hanging.Count > 0 || _owesControl || Group == GroupOffsets.None) return false; // days pass before they do
        Group = GroupOffsets.None;
        return true;
    }

    /// <summary>InitProducerId: aborts what is open, and once nothing is, gives the next epoch.</summary>
    public TransactionAnswer Initialise()
    {
        if (_phase == Phase.Preparing) return TransactionAnswer.Concurrent;
        if (!broker.FencesNobody) Epoch++;
        if (_phase == Phase.Ongoing)
        {
            Finish(commit: false);
            return TransactionAnswer.Concurrent;
        }

        _phase = Phase.Empty;
        return TransactionAnswer.Ok;
    }

    /// <summary>AddPartitionsToTxn; the first opens the transaction.</summary>
    public TransactionAnswer Add(object transaction, int epoch, IReadOnlyCollection<(OutputTopic Topic, int Partition)> at)
    {
        if (Open(transaction, epoch) is var answer && answer != TransactionAnswer.Ok) return answer;
        _partitions.UnionWith(at);
        return TransactionAnswer.Ok;
    }

    /// <summary>AddOffsetsToTxn.</summary>
    public TransactionAnswer AddOffsets(object transaction, int epoch)
    {
        if (Open(transaction, epoch) is var answer && answer != TransactionAnswer.Ok) return answer;
        _hasOffsets = true;
        return TransactionAnswer.Ok;
    }

    /// <summary>TxnOffsetCommit, verified like a produce request.</summary>
    public TransactionAnswer Commit(int epoch, GroupOffsets offsets)
    {
        if (epoch != Epoch) return TransactionAnswer.Fenced;
        if (_phase != Phase.Ongoing || !_hasOffsets) return TransactionAnswer.Invalid;
        _pending = offsets;
        return TransactionAnswer.Ok;
    }

    /// <summary>A partition leader asks whether records of a producer belong to an open transaction (transaction.partition.verification.enable, the default since 3.7).</summary>
    public TransactionAnswer Verify(int epoch, (OutputTopic Topic, int Partition) at)
    {
        // A leader that has records of an open transaction of the producer asks nobody, and knows the epochs of what was written there: so a late record gets in where a marker was dropped.
        var log = broker.Log(at.Topic, at.Partition);
        if (log.IsOpen(partition)) return epoch >= log.EpochOf(partition) ? TransactionAnswer.Ok : TransactionAnswer.Fenced;
        if (epoch != Epoch) return TransactionAnswer.Fenced;
        return _phase == Phase.Ongoing && _partitions.Contains(at) ? TransactionAnswer.Ok : TransactionAnswer.Invalid;
    }

    /// <summary>Commits accepted, each held against what one owner alone may do.</summary>
    public OwnerCheck Owners => owners;

    /// <summary>EndTxn v1. Who asks, and for what, is told by the epoch alone.</summary>
    /// <param name="owner">Who asks, for the check of it.</param>
    /// <param name="transaction">What was begun and is to be ended, for the count of those that end another.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="commit">How it ends.</param>
    /// <param name="isLate">Whether who asks has given up by now.</param>
    public TransactionAnswer End(object owner, object transaction, int epoch, bool commit, bool isLate = false)
    {
        broker.Ends.Note(isLate, epoch == Epoch, _phase == Phase.Ongoing ? _opened : null, transaction);
        if (epoch != Epoch) return TransactionAnswer.Fenced;
        switch (_phase)
        {
            case Phase.Ongoing:
                if (commit) owners.Accepted(owner, epoch, _hasOffsets ? _pending : null);
                Finish(commit);
                return TransactionAnswer.Ok;
            case Phase.Preparing:
                return commit == _isCommit ? TransactionAnswer.Concurrent : TransactionAnswer.Invalid;
            case Phase.Complete:
                return commit == _isCommit ? TransactionAnswer.Ok : TransactionAnswer.Invalid;
            default:
                return TransactionAnswer.Invalid;
        }
    }

    private TransactionAnswer Open(object transaction, int epoch)
    {
        if (epoch != Epoch) return TransactionAnswer.Fenced;
        if (_phase == Phase.Preparing) return TransactionAnswer.Concurrent;
        if (_phase == Phase.Ongoing) return TransactionAnswer.Ok;
        (_phase, _opened) = (Phase.Ongoing, transaction);
        var number = ++_number;
        broker.Scheduler.After(broker.TransactionTimeOutUs, Label.TransactionTimeOut, null, () =>
        {
            if (_number != number || _phase != Phase.Ongoing) return;
            broker.Say($"transaction {number} of partition {partition} timed out");
            Epoch++;
            Finish(commit: false);
        });
        return TransactionAnswer.Ok;
    }

    // The answer to EndTxn goes out once the decision is written; the markers follow, each in its own time.
    private void Finish(bool commit)
    {
        (_phase, _isCommit) = (Phase.Preparing, commit);
        if (commit && _hasOffsets && _pending is { } decided) Decided = (decided.Offsets, Decided.Count + 1);
        broker.Say($"transaction {_number} of partition {partition} {(commit ? "commits" : "aborts")} at epoch {Epoch}{(_hasOffsets && _pending is { } next ? $", batch {next.Sequence}, offsets {next.Offsets.Events}/{next.Offsets.Links}/{next.Offsets.Control}" : "")}");
        var (left, hasOffsets) = (_partitions.Count + 1, _hasOffsets);
        var batch = commit && hasOffsets && _pending is { } moved ? moved.Sequence : -1;
        // As Kafka 4.3 where a partition has no leader: what a marker was dropped for stays open until a later transaction of the id ends there, and goes its way.
        var fate = broker.NextFate();
        foreach (var at in _partitions) broker.Scheduler.After(broker.MarkerDelayUs(), Label.Marker, null, () => Marked(() => Mark(at, broker.IsLost(fate, at.Topic is OutputTopic.Links or OutputTopic.Events))));
        broker.Scheduler.After(broker.MarkerDelayUs(), Label.Marker, null, () => Marked(() => MarkOffsets(hasOffsets, commit, broker.IsLost(fate, isShared: false), batch)));

        void Mark((OutputTopic Topic, int Partition) at, bool isLost)
        {
            var log = broker.Log(at.Topic, at.Partition);
            if (!isLost)
            {
                if (log.IsOpen(partition)) owners.Reached(batch);
                log.Mark(partition, commit, broker.NowMs);
                _hanging.Remove(at);
                if (commit && hasOffsets && at.Topic == OutputTopic.Control) _owesControl = false; // a batch behind it
            }
            else if (log.IsOpen(partition))
            {
                _hanging.Add(at);
                if (commit && at.Topic == OutputTopic.Control) _owesControl = true;
                if (at.Topic == OutputTopic.Control) broker.ForgottenInControl++;
                else broker.ForgottenElsewhere++;
                broker.Say($"the transaction of partition {partition} hangs in {at.Topic} [{at.Partition}]");
            }
        }

        void Marked(Action mark)
        {
            mark();
            if (--left > 0) return;
            _partitions.Clear();
            _hasOffsets = false;
            _phase = Phase.Complete;
        }
    }

    private void MarkOffsets(bool hasOffsets, bool commit, bool isLost, long batch)
    {
        if (!hasOffsets) return; // what an earlier transaction left pending stays so
        if (isLost)
        {
            if (_pending is null) return; // nothing was to be marked
            broker.Forgotten++;
            broker.Say($"the offsets of partition {partition} hang");
            return;
        }

        owners.Reached(batch);
        if (commit && _pending is { } offsets) Group = offsets;
        _pending = null;
    }
}
