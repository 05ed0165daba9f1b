using System.Runtime.CompilerServices;
using Streaming.Core.Shard;
using Streaming.Host.Audit;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Cli;

/// <summary>Topics for an independent reader: each call has a consumer of its own, so that nothing of the engine's reading is shared.</summary>
/// <param name="options">Kafka.</param>
/// <param name="loggers">Log of the clients.</param>
internal sealed class KafkaRecordSource(KafkaOptions options, ILoggerFactory loggers) : IRecordSource
{
    private const int MostRecords = 5000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private readonly KafkaTopics _topics = new(options, loggers.CreateLogger<KafkaTopics>());

    /// <inheritdoc/>
    public async ValueTask<int> PartitionCountAsync(string topic, CancellationToken cancellation) => await _topics.PartitionsAsync(topic) ?? 0;

    /// <inheritdoc/>
    public async ValueTask<PartitionBounds> BoundsAsync(string topic, int partition, CancellationToken cancellation)
    {
        await using var reader = await OpenAsync(topic, partition, null, cancellation);
        return reader.Bounds[partition];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogRecord> ReadAsync(string topic, int partition, long from, long to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from >= to) yield break;
        await using var reader = await OpenAsync(topic, partition, new Dictionary<int, long> { [partition] = from }, cancellation);
        var batch = new RecordBatch();
        while (reader.Position(partition) < to)
        {
            if (await reader.ReadAsync(batch, MostRecords, Wait, cancellation) < 0) continue;
            for (var i = 0; i < batch.Count; i++)
            {
                var record = Copy(batch, i);
                if (record.Offset >= to) yield break;
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask<KafkaTopicReader> OpenAsync(string topic, int partition, IReadOnlyDictionary<int, long>? from, CancellationToken cancellation) =>
        KafkaTopicReader.OpenAsync(options, topic, [partition], from, loggers.CreateLogger<KafkaTopicReader>(), cancellation);

    private static LogRecord Copy(RecordBatch batch, int index)
    {
        ref readonly var record = ref batch.Records[index];
        return new LogRecord(record.Offset, record.TimestampMs, record.IsAppendTime, record.KeyLength < 0 ? null : batch.Key(record).ToArray(), record.ValueLength < 0 ? null : batch.Value(record).ToArray());
    }
}
