using Microsoft.Extensions.Logging;
using Streaming.Core.Events;
using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>
/// Writes keyed records fast, each once and in order (idempotent), to the partition that murmur2 says. Bytes in flight are bounded: a write waits while the
/// queue is full. The first record that fails makes every later call throw. One thread at a time.
/// </summary>
public sealed class KafkaEventWriter : IAsyncDisposable
{
    private const int CopyPayload = 0x2, FullQueueWaitMs = 50, PollEvery = 4_096;
    private readonly NativeClient _client;
    private readonly BlockingLane _lane;
    private readonly ForgottenBrokers _brokers;
    private readonly Dictionary<string, Target> _targets = [];
    private readonly int _flushTimeoutMs;
    private Target? _last;
    private int _firstError;
    private long _failed, _written;

    /// <summary>Connects lazily.</summary>
    /// <param name="options">Validated settings.</param>
    /// <param name="logger">Log of the client.</param>
    public KafkaEventWriter(KafkaOptions options, ILogger<KafkaEventWriter> logger)
    {
        var properties = KafkaClientProperties.Bulk(options, "writer");
        _flushTimeoutMs = int.Parse(properties["message.timeout.ms"], System.Globalization.CultureInfo.InvariantCulture) + options.RequestTimeoutMs;
        _client = NativeClient.Producer("writer", properties, logger);
        _client.Delivered = OnDelivered;
        _lane = new BlockingLane("kafka-writer");
        _brokers = new ForgottenBrokers(_client);
    }

    /// <summary>Records handed over so far.</summary>
    public long Written => _written;

    /// <summary>Writes to the partition that owns the key among a topic's partitions; answers the partition.</summary>
    public int Write(string topic, int partitions, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var partition = Murmur2.Partition(key, partitions);
        Write(topic, partition, key, value, isTombstone: false);
        return partition;
    }

    /// <summary>Writes to a given partition; an empty key is null, a tombstone has no value. Waits while the queue is full.</summary>
    public unsafe void Write(string topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone)
    {
        ThrowIfFailed();
        var target = TargetOf(topic);
        fixed (byte* keyBytes = key)
        fixed (byte* valueBytes = value)
        {
            byte none;
            var payload = isTombstone ? null : valueBytes is null ? &none : valueBytes;
            while (Rd.Produce(target.Handle, partition, CopyPayload, payload, (nuint)value.Length, keyBytes, (nuint)key.Length, 0) != 0)
            {
                var code = Rd.LastError();
                if (code != RdError.QueueFull) throw ErrorMapper.OfDelivery($"record of {value.Length} bytes for {topic} [{partition}]", code);
                _ = Rd.Poll(_client.Handle, FullQueueWaitMs);
                ThrowIfFailed();
            }
        }

        target.Bytes += key.Length + value.Length;
        target.Records++;
        if (++_written % PollEvery == 0) _ = Rd.Poll(_client.Handle, 0);
    }

    /// <summary>Returns once every record is acknowledged; throws where one is not.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        var code = await _lane.RunAsync(() => Rd.Flush(_client.Handle, _flushTimeoutMs), cancellation).ConfigureAwait(false);
        foreach (var (topic, target) in _targets)
        {
            if (target.Records > 0) KafkaMetrics.Produced(topic, target.Records, target.Bytes);
            target.Records = target.Bytes = 0;
        }

        ThrowIfFailed();
        if (code != RdError.None) throw ErrorMapper.OfRequest($"flush with {Rd.OutQueueLength(_client.Handle)} records unacknowledged", code);
    }

    /// <summary>Closes without waiting; flush first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _brokers.DisposeAsync().ConfigureAwait(false);
        await _lane.RunAsync(() =>
        {
            foreach (var target in _targets.Values) Rd.TopicDestroy(target.Handle);
            _client.Dispose();
        }, CancellationToken.None).ConfigureAwait(false);
        _lane.Dispose();
    }

    private Target TargetOf(string topic)
    {
        if (_last is { } last && ReferenceEquals(last.Topic, topic)) return last;
        if (!_targets.TryGetValue(topic, out var target)) _targets[topic] = target = new Target(topic, Rd.TopicNew(_client.Handle, topic, 0));
        return _last = target;
    }

    private void OnDelivered(DeliveryReport report)
    {
        Interlocked.CompareExchange(ref _firstError, report.Code, RdError.None);
        Interlocked.Increment(ref _failed);
    }

    private void ThrowIfFailed()
    {
        var failed = Interlocked.Read(ref _failed);
        if (failed > 0) throw ErrorMapper.OfDelivery($"{failed} records were not delivered", Volatile.Read(ref _firstError));
    }

    private sealed class Target(string topic, nint handle)
    {
        public string Topic { get; } = topic;
        public nint Handle { get; } = handle;
        public long Records { get; set; }
        public long Bytes { get; set; }
    }
}
