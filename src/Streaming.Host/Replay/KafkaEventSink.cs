using Microsoft.Extensions.Logging;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Replay;

/// <summary><see cref="IEventSink"/> on Kafka: idempotent, in order, bounded in flight by the client's queue.</summary>
public sealed class KafkaEventSink : IEventSink
{
    private readonly KafkaEventWriter _writer;
    private readonly KafkaTopics _topics;
    private readonly Dictionary<string, int> _partitions = new(StringComparer.Ordinal);

    private KafkaEventSink(KafkaEventWriter writer, KafkaTopics topics)
    {
        _writer = writer;
        _topics = topics;
    }

    /// <summary>Creates the engine's topics where they are missing (and that is allowed), and opens a writer.</summary>
    /// <exception cref="Streaming.Core.Errors.EngineException">The broker does not answer, or topics are missing or do not fit together.</exception>
    public static async Task<KafkaEventSink> OpenAsync(KafkaOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var topics = new KafkaTopics(options, loggers.CreateLogger<KafkaTopics>());
        await topics.EnsureAsync(cancellation);
        return new KafkaEventSink(new KafkaEventWriter(options, loggers.CreateLogger<KafkaEventWriter>()), topics);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string topic, int partition, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        if (partition < 0 && !_partitions.ContainsKey(topic)) return FirstAsync(topic, key, value);
        Write(topic, partition, key.Span, value.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation) => _writer.FlushAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async ValueTask FirstAsync(string topic, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        _partitions[topic] = await _topics.PartitionsAsync(topic) ?? throw new Core.Errors.TopologyMismatchException($"topic {topic} does not exist");
        Write(topic, -1, key.Span, value.Span);
    }

    private void Write(string topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (partition < 0) _writer.Write(topic, _partitions[topic], key, value);
        else _writer.Write(topic, partition, key, value, isTombstone: false);
    }
}
