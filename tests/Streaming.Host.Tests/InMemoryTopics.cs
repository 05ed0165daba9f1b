using System.Runtime.CompilerServices;
using System.Text;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Host.Audit;
using Streaming.Host.Replay;

namespace Streaming.Host.Tests;

/// <summary>Topics in memory: what the tests write is what an independent reader sees. Offsets may have gaps, as transaction markers leave them.</summary>
internal sealed class InMemoryTopics(int partitions = 1) : IRecordSource, IEventSink
{
    private readonly Dictionary<(string, int), List<LogRecord>> _logs = [];
    private readonly Dictionary<(string, int), long> _ends = [];
    private readonly Dictionary<string, long> _starts = [];

    public List<string> Trace { get; } = [];
    public Action<string, int>? OnFlush { get; set; }
    public long NowMs { get; set; } = 1_700_000_000_000;

    public IReadOnlyList<LogRecord> Log(string topic, int partition = 0) => _logs.TryGetValue((topic, partition), out var log) ? log : [];

    public IEnumerable<string> Values(string topic, int partition = 0) => Log(topic, partition).Select(r => Encoding.UTF8.GetString(r.Value!));

    public void Truncate(string topic, long start) => _starts[topic] = start;

    public long Append(string topic, int partition, byte[]? key, byte[]? value, long? timestampMs = null)
    {
        var at = (topic, partition);
        if (!_logs.TryGetValue(at, out var log)) _logs[at] = log = [];
        var offset = _ends.GetValueOrDefault(at);
        log.Add(new LogRecord(offset, timestampMs ?? NowMs, true, key, value));
        _ends[at] = offset + 1;
        return offset;
    }

    public long Append(string topic, int partition, string? key, string? value, long? timestampMs = null) =>
        Append(topic, partition, key is null ? null : Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value), timestampMs);

    /// <summary>Takes records away, as a lost write would.</summary>
    public void Remove(string topic, int partition, Predicate<string> values) =>
        _logs[(topic, partition)].RemoveAll(record => values(Encoding.UTF8.GetString(record.Value ?? [])));

    /// <summary>Puts other values in place of records, as a writer that is wrong would have written them.</summary>
    public void Rewrite(string topic, int partition, Func<byte[], byte[]> change)
    {
        var log = _logs[(topic, partition)];
        for (var i = 0; i < log.Count; i++) log[i] = log[i] with { Value = log[i].Value is { } value ? change(value) : null };
    }

    /// <summary>Leaves a gap of one offset, as a transaction marker does.</summary>
    public void AppendMarker(string topic, int partition) => _ends[(topic, partition)] = _ends.GetValueOrDefault((topic, partition)) + 1;

    public ValueTask<int> PartitionCountAsync(string topic, CancellationToken cancellation) => new(partitions);

    public ValueTask<PartitionBounds> BoundsAsync(string topic, int partition, CancellationToken cancellation) =>
        new(new PartitionBounds(_starts.GetValueOrDefault(topic), _ends.GetValueOrDefault((topic, partition))));

    public async IAsyncEnumerable<LogRecord> ReadAsync(string topic, int partition, long from, long to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var record in Log(topic, partition).ToArray())
        {
            if (record.Offset >= from && record.Offset < to) yield return record;
        }
    }

    public ValueTask WriteAsync(string topic, int partition, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        Trace.Add(topic);
        var owner = partition >= 0 ? partition : Murmur2.Partition(key.Span, partitions);
        Append(topic, owner, key.IsEmpty ? null : key.ToArray(), value.ToArray());
        return default;
    }

    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        Trace.Add("flush");
        OnFlush?.Invoke("flush", Trace.Count);
        return default;
    }

    public ValueTask DisposeAsync() => default;
}
