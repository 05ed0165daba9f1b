using Microsoft.Extensions.Logging;
using Streaming.Core.Shard;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka;

/// <summary>The Kafka side of one node: one consumer client for all its shards (threads and memory stay the same whatever their number), one transactional producer a shard.</summary>
public sealed class KafkaNode : IShardBrokerFactory
{
    private readonly KafkaOptions _options;
    private readonly SharedConsumer _consumer;
    private readonly Func<SharedConsumer> _openPeeking, _openAsking;
    private SharedConsumer? _peeking, _asking;
    private readonly ICommittedOffsets? _committed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<int, KafkaShardBroker> _open = new();
    private readonly TopologyWatch? _watch;
    private int _disposed;

    /// <summary>Connects lazily; nothing is asked of the brokers yet.</summary>
    /// <param name="options">Validated settings.</param>
    /// <param name="partitions">Partitions of <c>events</c>: the node's queue memory is shared by so many.</param>
    /// <param name="logger">Log of the clients.</param>
    public KafkaNode(KafkaOptions options, int partitions, ILogger<KafkaNode> logger) : this(options, partitions, null, TimeProvider.System, logger) { }

    /// <summary>As the other; besides it looks now and then, and at each take-over, whether the topics are those of a start still.</summary>
    /// <param name="options">Validated settings.</param>
    /// <param name="topics">What the start found.</param>
    /// <param name="logger">Log of the clients.</param>
    public KafkaNode(KafkaOptions options, TopologyRecord topics, ILogger<KafkaNode> logger) : this(options, topics.Partitions, logger) =>
        _watch = new TopologyWatch(options, topics, _time, logger);

    internal KafkaNode(KafkaOptions options, int partitions, ICommittedOffsets? committed, TimeProvider time, ILogger logger)
    {
        (_options, _committed, _time, _logger) = (options, committed, time, logger);
        _consumer = new SharedConsumer("node", logger, () => new ConsumerClient(options, "node", partitions, logger));
        _openPeeking = () => new SharedConsumer("offsets", logger, () => new ConsumerClient(options, "offsets", 1, logger, seesPending: true));
        _openAsking = () => new SharedConsumer("ends", logger, () => new ConsumerClient(options, "ends", 1, logger));
    }

    /// <inheritdoc/>
    public ValueTask<IShardBroker> OpenAsync(int partition, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        lock (_open)
        {
            if (_open.ContainsKey(partition))
                throw new InvalidOperationException($"partition {partition} is open on this node already: two shards would share one queue.");
            var broker = new KafkaShardBroker(partition, _options, _consumer, Peeking, Asking, _committed, _time, _logger, () => Forget(partition)) { Topology = _watch };
            _open.Add(partition, broker);
            return ValueTask.FromResult<IShardBroker>(broker);
        }
    }

    /// <summary>Closes what shards left open, then the consumer.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        KafkaShardBroker[] left;
        lock (_open) left = [.. _open.Values];
        foreach (var broker in left) await broker.DisposeAsync().ConfigureAwait(false);
        _watch?.Dispose();
        _consumer.Dispose();
        _peeking?.Dispose();
        _asking?.Dispose();
    }

    // Opened by who needs it first; where that fails the next one tries again.
    private SharedConsumer Peeking()
    {
        lock (_open) return _peeking ??= _openPeeking();
    }

    private SharedConsumer Asking()
    {
        lock (_open) return _asking ??= _openAsking();
    }

    private void Forget(int partition)
    {
        lock (_open) _open.Remove(partition);
    }
}
