using System.Text;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>Kafka in memory with its transaction rules: epochs fence, aborted records stay invisible, markers take an offset, offsets move with the commit.</summary>
internal sealed class FakeKafka(int partitions)
{
    internal sealed record Entry(byte[]? Key, byte[]? Value, bool IsMarker, long Producer, long AppendedMs, long Number);

    private readonly Dictionary<(string Topic, int Partition), List<Entry>> _logs = [];
    private readonly HashSet<long> _aborted = [];
    private readonly HashSet<long> _open = [];
    private readonly Dictionary<int, GroupOffsets> _committed = [];
    private readonly Dictionary<int, int> _epochs = [];
    private long _transactions;

    public int Partitions => partitions;
    public long NowMs = 1_800_000_000_000;

    /// <summary>Where set, the topic <c>events</c> has CreateTime, and this is what its producers say: ms since 1970, -1 for nothing.</summary>
    public Func<long>? CreatedMs { get; set; }

    /// <summary>First offset that retention left of a topic, in every partition.</summary>
    public Dictionary<string, long> LogStarts { get; } = [];
    /// <summary>How often a read was woken.</summary>
    public int Wakes { get; set; }

    /// <summary>Calls of ReadBounds for control: how often somebody looked whether the log reaches back.</summary>
    public int BoundsAsked { get; private set; }

    /// <summary>Called at each step of a transaction; may throw.</summary>
    public Action<string>? OnStep { get; set; }

    public long Append(string topic, string key, string value, int? partition = null)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        return Append(topic, partition ?? Murmur2.Partition(bytes, partitions), bytes, Encoding.UTF8.GetBytes(value), -1);
    }

    /// <summary>Appends a record of any bytes.</summary>
    public long Append(string topic, int partition, byte[]? key, byte[]? value) => Append(topic, partition, key, value, -1);

    public IEnumerable<string> Committed(string topic, int partition) =>
        Log(topic, partition).Take((int)StableEnd(topic, partition)).Where(e => IsVisible(e) && e.Value is not null).Select(e => Encoding.UTF8.GetString(e.Value!));

    public IEnumerable<string> CommittedAll(string topic) => Enumerable.Range(0, partitions).SelectMany(p => Committed(topic, p));

    /// <summary>Batch records of every partition, or of one, without the tables and requests between them.</summary>
    public IEnumerable<ControlBatch> Batches(int? of = null) =>
        (of is { } p ? Committed("control", p) : CommittedAll("control")).Select(r => ControlJson.ReadBatch(Encoding.UTF8.GetBytes(r))).OfType<ControlBatch>();

    public ShardOffsets CommittedOffsets(int partition) => Group(partition).Offsets;

    private GroupOffsets Group(int partition) => _committed.GetValueOrDefault(partition, GroupOffsets.None);

    public void ForgetOffsets(int partition) => _committed.Remove(partition);

    /// <summary>Offset behind the last record or marker of a partition.</summary>
    public long End(string topic, int partition) => Log(topic, partition).Count;

    /// <summary>True where a transaction is open in any partition.</summary>
    public bool Hangs => _logs.Any(log => StableEnd(log.Key.Topic, log.Key.Partition) < log.Value.Count);

    /// <summary>Ends what <see cref="LeaveHanging"/> left, as a person does.</summary>
    public void AbortHanging()
    {
        foreach (var open in _open.Where(o => o % 1000 == 999).ToArray())
        {
            _open.Remove(open);
            _aborted.Add(open);
        }
    }

    /// <summary>Sets the group's offsets anywhere, also back, as a person can, and as the abort of a commit that hung does.</summary>
    public void SetBack(int partition, ShardOffsets offsets) => _committed[partition] = new GroupOffsets(offsets, -1, -1);

    /// <summary>Partitions whose committed offsets stay pending, until the next transaction ends.</summary>
    public HashSet<int> Hanging { get; } = [];

    /// <summary>Whether the marker of a shard's transaction that ends now is dropped in a topic; a name of none, "offsets", for the group's. What it was for hangs until a later one of the shard ends there, and goes its way.</summary>
    public Func<string, bool>? Drops { get; set; }

    /// <summary>Leaves a transaction open in a partition that no initialisation ends: the coordinator does not know it any more.</summary>
    public void LeaveHanging(string topic, int partition)
    {
        var transaction = (++_transactions * 1000) + 999;
        _open.Add(transaction);
        Append(topic, partition, null, [], transaction);
    }

    public IShardBroker Open(int partition) => new Broker(this, partition);

    private List<Entry> Log(string topic, int partition)
    {
        if (!_logs.TryGetValue((topic, partition), out var log)) _logs.Add((topic, partition), log = []);
        return log;
    }

    private long Append(string topic, int partition, byte[]? key, byte[]? value, long transaction, bool isMarker = false, long number = -1)
    {
        var log = Log(topic, partition);
        log.Add(new Entry(key, value, isMarker, transaction, topic == "events" && CreatedMs is not null ? CreatedMs() : NowMs, number));
        return log.Count - 1;
    }

    private bool IsVisible(Entry e) => !e.IsMarker && !_aborted.Contains(e.Producer) && !_open.Contains(e.Producer);

    private long StableEnd(string topic, int partition)
    {
        var log = Log(topic, partition);
        for (var i = 0; i < log.Count; i++)
        {
            if (_open.Contains(log[i].Producer)) return i;
        }

        return log.Count;
    }

    private sealed class Broker(FakeKafka kafka, int partition) : StubShardBroker
    {
        private readonly long[] _positions = new long[3];
        private readonly HashSet<(string Topic, int Partition)> _written = [];
        private int _epoch;

        private int HangingOf => 500 + partition;

        private long _transaction = -1;
        private long _number = -1;
        private GroupOffsets? _offsets;
        private long _controlOffset = -1;

        public override int Partition => partition;

        public override ValueTask InitTransactionsAsync(CancellationToken cancellation)
        {
            _epoch = kafka._epochs[partition] = kafka._epochs.GetValueOrDefault(partition) + 1;
            foreach (var open in kafka._open.ToArray())
            {
                if (open % 1000 == partition) Finish(open, commit: false);
            }

            _transaction = -1;
            return ValueTask.CompletedTask;
        }

        public override ValueTask<GroupOffsets> ReadCommittedAsync(CancellationToken cancellation) =>
            kafka.Hanging.Contains(partition) ? throw new BrokerUnavailableException($"committed offsets of partition {partition}: a commit is pending") : new(kafka.Group(partition));

        public override ValueTask<GroupOffsets> PeekCommittedAsync(CancellationToken cancellation) => new(kafka.Group(partition));

        public override ValueTask<IReadOnlyList<TracedRecord>> FindOpenAsync(IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation)
        {
            var found = new List<TracedRecord>();
            var isHidden = false;
            foreach (var (topic, at) in among)
            {
                var stable = (int)kafka.StableEnd(Name(topic), at);
                var log = kafka.Log(Name(topic), at);
                if (stable >= log.Count) continue;
                found.Add(Traced(topic, at, stable, log[stable]));
                isHidden |= !IsOwn(found[^1]) && log.Skip(stable).Any(e => !e.IsMarker && IsOwn(Traced(topic, at, stable, e)));
            }

            // The real one waits first, in vain.
            return isHidden && !found.Exists(IsOwn) ? throw new RecordsHiddenException($"records of partition {partition} stand behind another's open transaction") : new(found);

            bool IsOwn(TracedRecord record) => record.Shard == partition || record.Topic == OutputTopic.Control;
        }

        public override ValueTask<bool> IsCommittedAsync(long transaction, long timeMs, IReadOnlyList<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation) =>
            new(among.Any(at => kafka.Log(Name(at.Topic), at.Partition).Take((int)kafka.StableEnd(Name(at.Topic), at.Partition)).Any(e => e.Number == transaction && kafka.IsVisible(e))));

        public override ValueTask<PartitionBounds> ReadBoundsAsync(SourceTopic topic, CancellationToken cancellation) => Bounds(Name(topic));

        public override ValueTask SeekAsync(SourceTopic topic, long offset, CancellationToken cancellation)
        {
            _positions[(int)topic] = offset;
            return ValueTask.CompletedTask;
        }

        public override void Wake() => kafka.Wakes++;

        public override ValueTask ReadAsync(SourceTopic topic, RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation)
        {
            var log = kafka.Log(Name(topic), partition);
            var end = kafka.StableEnd(Name(topic), partition);
            var at = Math.Max(_positions[(int)topic], kafka.LogStarts.GetValueOrDefault(Name(topic)));
            for (; at < end && into.Count < maxRecords; at++)
            {
                var e = log[(int)at];
                if (kafka.IsVisible(e)) into.Add(at, e.AppendedMs, topic != SourceTopic.Events || kafka.CreatedMs is null, e.Key, e.Key is null, e.Value, e.Value is null);
            }

            into.NextOffset = at;
            into.AtEnd = at >= end;
            into.Behind = log.Count - at;
            _positions[(int)topic] = at;
            return ValueTask.CompletedTask;
        }

        public override ValueTask<IReadOnlyList<TracedRecord>> ReadUncommittedAsync(OutputTopic topic, int at, long from, long? transaction, CancellationToken cancellation) =>
            new([.. kafka.Log(Name(topic), at).Select((e, i) => (Entry: e, Offset: i)).Skip((int)from).Where(r => !r.Entry.IsMarker && (transaction is null || r.Entry.Number == transaction)).Select(r => Traced(topic, at, r.Offset, r.Entry))]);

        private static TracedRecord Traced(OutputTopic topic, int at, long offset, Entry e) => new(topic, at, offset, e.Number < 0 ? -1 : (int)(e.Number % 1000), e.Number, e.AppendedMs, e.Key, e.Value);

        public override ValueTask WaitUntilReadableAsync(IReadOnlyCollection<(OutputTopic Topic, int Partition)> among, CancellationToken cancellation)
        {
            if (among.Any(at => kafka.Log(Name(at.Topic), at.Partition).Skip((int)kafka.StableEnd(Name(at.Topic), at.Partition)).Any(e => e.Number >= 0 && e.Number % 1000 == partition)))
                throw new IndefiniteOutcomeException("what was committed there cannot be read");
            return default;
        }

        public override void Begin(long? transaction = null)
        {
            Fence();
            Step("begin");
            _transaction = (++kafka._transactions * 1000) + partition;
            _number = transaction ?? _transaction;
            kafka._open.Add(_transaction);
            _written.Clear();
            _offsets = null;
        }

        public override void Produce(OutputTopic topic, int to, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            Fence();
            var name = Name(topic);
            var offset = kafka.Append(name, to, key.Length == 0 ? null : key.ToArray(), value.ToArray(), _transaction, number: _number);
            _written.Add((name, to));
            if (topic == OutputTopic.Control) _controlOffset = offset;
        }

        public override ValueTask FlushAsync(CancellationToken cancellation)
        {
            Fence();
            Step("flush");
            return ValueTask.CompletedTask;
        }

        public override ValueTask SendOffsetsAsync(ShardOffsets next, long sequence, CancellationToken cancellation)
        {
            Fence();
            Step("send-offsets");
            _offsets = new GroupOffsets(next, sequence, _number);
            return ValueTask.CompletedTask;
        }

        public override ValueTask<CommitReceipt> CommitAsync(CancellationToken cancellation)
        {
            Fence();
            Step("commit");
            Finish(_transaction, commit: true);
            Step("committed");
            CheckMarked();
            return new(new CommitReceipt(_controlOffset, kafka.NowMs));
        }

        public override ValueTask AbortAsync(CancellationToken cancellation)
        {
            if (_transaction >= 0 && kafka._open.Contains(_transaction)) Finish(_transaction, commit: false);
            return ValueTask.CompletedTask;
        }

        private ValueTask<PartitionBounds> Bounds(string topic)
        {
            if (topic == "control") kafka.BoundsAsked++;
            return new(new PartitionBounds(kafka.LogStarts.GetValueOrDefault(topic), kafka.StableEnd(topic, partition)));
        }

        private void Finish(long transaction, bool commit)
        {
            kafka._open.Remove(transaction);
            if (!commit) kafka._aborted.Add(transaction);
            foreach (var ((topic, to), log) in kafka._logs.ToArray())
            {
                if (!log.Exists(e => e.Producer == transaction)) continue;
                if (kafka.Drops?.Invoke(topic) == true) Hang(log, transaction);
                else End(topic, to, log, transaction, commit);
            }

            if (_offsets is not { } offsets) return;
            if (kafka.Drops?.Invoke("offsets") == true)
            {
                kafka.Hanging.Add(partition);
                return;
            }

            if (commit) kafka._committed[partition] = offsets;
            kafka.Hanging.Remove(partition);
        }

        // Under a number of its own, which no initialisation ends.
        private void Hang(List<Entry> log, long transaction)
        {
            var hanging = (++kafka._transactions * 1000) + HangingOf;
            kafka._open.Add(hanging);
            for (var i = 0; i < log.Count; i++)
            {
                if (log[i].Producer == transaction) log[i] = log[i] with { Producer = hanging };
            }
        }

        private void End(string topic, int to, List<Entry> log, long transaction, bool commit)
        {
            foreach (var hanging in log.Select(e => e.Producer).Where(p => p % 1000 == HangingOf && kafka._open.Contains(p)).Distinct().ToArray())
            {
                kafka._open.Remove(hanging);
                if (!commit) kafka._aborted.Add(hanging);
            }

            kafka.Append(topic, to, null, null, -1, isMarker: true);
        }

        // The real one waits for the markers before it says so.
        private void CheckMarked()
        {
            if (_offsets is { } sent && kafka.Group(partition) != sent) throw new IndefiniteOutcomeException("the offsets are not the group's");
            if (_written.Any(at => at.Topic is not ("links" or "events") && kafka.StableEnd(at.Topic, at.Partition) < kafka.Log(at.Topic, at.Partition).Count))
                throw new IndefiniteOutcomeException("not all records can be read");
        }

        private void Fence()
        {
            if (kafka._epochs[partition] != _epoch) throw new FencedException($"partition {partition} has a newer owner");
        }

        private void Step(string name) => kafka.OnStep?.Invoke(name);

        private static string Name(SourceTopic topic) => topic switch { SourceTopic.Events => "events", SourceTopic.Links => "links", _ => "control" };

        private static string Name(OutputTopic topic) => topic switch
        {
            OutputTopic.Recommendations => "recommendations",
            OutputTopic.ChurnAlerts => "churn-alerts",
            OutputTopic.Sessions => "sessions",
            OutputTopic.DeadLetters => "dead-letters",
            OutputTopic.Control => "control",
            OutputTopic.Links => "links",
            _ => "events",
        };
    }
}
