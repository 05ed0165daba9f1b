using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Streaming.Core.Shard;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Audit;

/// <summary><see cref="IRecordSource"/> on Kafka: read_committed, no group, one reader a range.</summary>
public sealed class KafkaRecordSource : IRecordSource
{
    private const int MaxRecords = 2_000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private readonly KafkaOptions _options;
    private readonly KafkaTopics _topics;
    private readonly ILogger<KafkaTopicReader> _logger;
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KafkaTopicReader> _askers = new(StringComparer.Ordinal);

    /// <summary>Connects lazily.</summary>
    /// <param name="options">Validated settings.</param>
    /// <param name="loggers">Logs of the clients.</param>
    public KafkaRecordSource(KafkaOptions options, ILoggerFactory loggers)
    {
        _options = options;
        _topics = new KafkaTopics(options, loggers.CreateLogger<KafkaTopics>());
        _logger = loggers.CreateLogger<KafkaTopicReader>();
    }

    /// <inheritdoc/>
    public async ValueTask<int> PartitionCountAsync(string topic, CancellationToken cancellation)
    {
        if (_counts.TryGetValue(topic, out var known)) return known;
        var count = await _topics.PartitionsAsync(topic) ?? 0;
        if (count > 0) _counts[topic] = count;
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask<PartitionBounds> BoundsAsync(string topic, int partition, CancellationToken cancellation)
    {
        if (!_askers.TryGetValue(topic, out var asker)) _askers[topic] = asker = await KafkaTopicReader.OpenAsync(_options, topic, [], null, _logger, cancellation);
        return await asker.ReadBoundsAsync(partition, cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogRecord> ReadAsync(string topic, int partition, long from, long to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from >= to) yield break;
        await using var reader = await KafkaTopicReader.OpenAsync(_options, topic, [partition], new Dictionary<int, long> { [partition] = from }, _logger, cancellation);
        var batch = new RecordBatch();
        while (reader.Position(partition) < to)
        {
            if (await reader.ReadAsync(batch, MaxRecords, Wait, cancellation) < 0) continue;
            for (var i = 0; i < batch.Count; i++)
            {
                var record = batch.Records[i];
                if (record.Offset >= to) yield break;
                yield return Copy(batch, record);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var asker in _askers.Values) await asker.DisposeAsync();
        _askers.Clear();
    }

    private static LogRecord Copy(RecordBatch batch, in SourceRecord record) => new(record.Offset, record.TimestampMs, record.IsAppendTime,
        record.KeyLength < 0 ? null : batch.Key(record).ToArray(), record.ValueLength < 0 ? null : batch.Value(record).ToArray());
}
