using Streaming.Host.Replay;
using Streaming.Kafka;

namespace Streaming.Host.Cli;

/// <summary>Writes what <c>replay</c> reads to Kafka.</summary>
/// <param name="writer">The writer; disposed with the sink.</param>
/// <param name="partitions">Partitions of each topic that is written by key.</param>
internal sealed class KafkaEventSink(KafkaEventWriter writer, IReadOnlyDictionary<string, int> partitions) : IEventSink
{
    /// <inheritdoc/>
    public ValueTask WriteAsync(string topic, int partition, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (partition < 0) writer.Write(topic, partitions[topic], key.Span, value.Span);
        else writer.Write(topic, partition, key.Span, value.Span, isTombstone: false);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation) => writer.FlushAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
