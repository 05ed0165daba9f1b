using System.Text;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Core.Tests.Shard;

namespace Streaming.Host.Tests.Audit;

/// <summary>Kafka as one shard sees it, on <see cref="InMemoryTopics"/>: a transaction's records appear at commit, followed by a marker in every partition it wrote. Can lose its answer or die at a commit.</summary>
internal sealed class InMemoryBroker(InMemoryTopics topics, TopicNames names, Dictionary<int, ShardOffsets> group, int partition) : StubShardBroker
{
    private readonly long[] _positions = new long[3];
    private readonly List<(string Topic, int Partition, byte[]? Key, byte[] Value)> _open = [];
    private ShardOffsets _next;

    /// <summary>What the next commit does: null commits; true commits and loses the answer; false dies before it.</summary>
    public Func<bool?> Fault { get; set; } = () => null;

    public override int Partition => partition;

    public override ValueTask InitTransactionsAsync(CancellationToken cancellation)
    {
        _open.Clear();
        return default;
    }

    public override ValueTask<GroupOffsets> ReadCommittedAsync(CancellationToken cancellation) => new(new GroupOffsets(group.GetValueOrDefault(partition, ShardOffsets.None), -1, -1));

    public override ValueTask<GroupOffsets> PeekCommittedAsync(CancellationToken cancellation) => ReadCommittedAsync(cancellation);

    public override ValueTask<IReadOnlyList<TracedRecord>> ReadUncommittedAsync(OutputTopic topic, int at, long from, long? transaction, CancellationToken cancellation) => throw new NotSupportedException("nothing is left open here");

    public override ValueTask<PartitionBounds> ReadBoundsAsync(SourceTopic topic, CancellationToken cancellation) => topics.BoundsAsync(Name(topic), partition, cancellation);

    public override ValueTask SeekAsync(SourceTopic topic, long offset, CancellationToken cancellation)
    {
        _positions[(int)topic] = offset;
        return default;
    }

    public override async ValueTask ReadAsync(SourceTopic topic, RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation)
    {
        var end = (await topics.BoundsAsync(Name(topic), partition, cancellation)).StableEnd;
        var count = 0;
        foreach (var record in topics.Log(Name(topic), partition))
        {
            if (record.Offset < _positions[(int)topic]) continue;
            if (count++ == maxRecords) break;
            into.Add(record.Offset, record.TimestampMs, record.IsAppendTime, record.Key, record.Key is null, record.Value, record.Value is null);
        }

        if (count <= maxRecords)
        {
            into.NextOffset = Math.Max(end, _positions[(int)topic]);
            into.AtEnd = true;
        }

        _positions[(int)topic] = into.NextOffset;
    }

    public override void Begin(long? transaction = null) => _open.Clear();

    public override void Produce(OutputTopic topic, int to, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        _open.Add((Name(topic), to, key.IsEmpty ? null : key.ToArray(), value.ToArray()));

    public override ValueTask SendOffsetsAsync(ShardOffsets next, long sequence, CancellationToken cancellation)
    {
        _next = next;
        return default;
    }

    public override ValueTask<CommitReceipt> CommitAsync(CancellationToken cancellation)
    {
        var fault = Fault();
        if (fault == false) throw new IndefiniteOutcomeException("died before the commit");
        long control = -1;
        foreach (var (topic, to, key, value) in _open)
        {
            var offset = topics.Append(topic, to, key, value);
            if (topic == names.Control) control = offset;
        }

        foreach (var (topic, to) in _open.Select(o => (o.Topic, o.Partition)).Distinct()) topics.AppendMarker(topic, to);
        _open.Clear();
        group[partition] = _next;
        if (fault == true) throw new IndefiniteOutcomeException("the answer was lost");
        return new(new CommitReceipt(control, topics.NowMs));
    }

    public override ValueTask AbortAsync(CancellationToken cancellation)
    {
        _open.Clear();
        return default;
    }

    private string Name(SourceTopic topic) => topic switch { SourceTopic.Events => names.Events, SourceTopic.Links => names.Links, _ => names.Control };

    private string Name(OutputTopic topic) => topic switch
    {
        OutputTopic.Recommendations => names.Recommendations,
        OutputTopic.ChurnAlerts => names.ChurnAlerts,
        OutputTopic.Sessions => names.Sessions,
        OutputTopic.DeadLetters => names.DeadLetters,
        OutputTopic.Control => names.Control,
        OutputTopic.Links => names.Links,
        _ => names.Events,
    };
}
