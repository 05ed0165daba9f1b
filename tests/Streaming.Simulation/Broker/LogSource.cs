using System.Runtime.CompilerServices;
using Streaming.Contracts;
using Streaming.Core.Shard;
using Streaming.Host.Audit;

namespace Streaming.Simulation.Broker;

/// <summary>The topics as an independent reader at read_committed sees them.</summary>
internal sealed class LogSource(BrokerModel broker, TopicNames names) : IRecordSource
{
    public ValueTask<int> PartitionCountAsync(string topic, CancellationToken cancellation) => new(broker.Partitions);

    public ValueTask<PartitionBounds> BoundsAsync(string topic, int partition, CancellationToken cancellation) =>
        new(new PartitionBounds(0, broker.Log(BrokerModel.TopicOf(names, topic), partition).StableEnd));

    public async IAsyncEnumerable<LogRecord> ReadAsync(string topic, int partition, long from, long to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await ValueTask.CompletedTask;
        var log = broker.Log(BrokerModel.TopicOf(names, topic), partition);
        for (var offset = from; offset < to; offset++)
        {
            var entry = log[offset];
            if (!entry.IsMarker && !entry.IsAborted) yield return new LogRecord(offset, entry.TimeMs, !entry.IsCreateTime, entry.Key, entry.Value);
        }
    }

    public ValueTask DisposeAsync() => default;
}
