using System.Runtime.CompilerServices;
using Streaming.Core.Shard;
using Streaming.Host.Audit;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Cli;

/// <summary>Topics for an independent reader: one consumer of its own for all of them, so that nothing of the engine's reading is shared.</summary>
/// <param name="options">Kafka.</param>
/// <param name="loggers">Log of the clients.</param>
internal sealed class KafkaRecordSource(KafkaOptions options, ILoggerFactory loggers) : IRecordSource
{
    private const int MostRecords = 5000;
    private readonly KafkaTopics _topics = new(options, loggers.CreateLogger<KafkaTopics>());
    private readonly KafkaLogReader _reader = new(options, loggers.CreateLogger<KafkaLogReader>());

    /// <inheritdoc/>
    public async ValueTask<int> PartitionCountAsync(string topic, CancellationToken cancellation) => await _topics.PartitionsAsync(topic) ?? 0;

    /// <inheritdoc/>
    public ValueTask<PartitionBounds> BoundsAsync(string topic, int partition, CancellationToken cancellation) => _reader.BoundsAsync(topic, partition, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogRecord> ReadAsync(string topic, int partition, long from, long to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var batch in _reader.ReadAsync(topic, partition, from, to, MostRecords, cancellation))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var record = Copy(batch, i);
                if (record.Offset >= to) yield break;
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private static LogRecord Copy(RecordBatch batch, int index)
    {
        ref readonly var record = ref batch.Records[index];
        return new LogRecord(record.Offset, record.TimestampMs, record.IsAppendTime, record.KeyLength < 0 ? null : batch.Key(record).ToArray(), record.ValueLength < 0 ? null : batch.Value(record).ToArray());
    }
}
