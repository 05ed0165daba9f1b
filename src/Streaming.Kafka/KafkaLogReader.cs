using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Streaming.Core.Shard;

namespace Streaming.Kafka;

/// <summary>
/// Reads ranges of any partitions of any topics, committed records only, with one consumer for all of them: a client costs about a second to open and close, a further partition milliseconds.
/// It neither commits nor joins a group. Ranges of different partitions may be read at the same time, each by one caller; one partition by one caller at a time.
/// </summary>
public sealed class KafkaLogReader : IAsyncDisposable
{
    private const int PartitionsAtOnce = 4;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly ConsumerClient _client;
    private readonly BlockingLane _lane = new("kafka-log-reader");
    private readonly HashSet<(string Topic, int Partition)> _open = [];
    private readonly bool _isEmbedded;

    /// <param name="options">Validated settings.</param>
    /// <param name="logger">Log of the client.</param>
    public KafkaLogReader(KafkaOptions options, ILogger<KafkaLogReader> logger)
    {
        _isEmbedded = options.IsEmbedded;
        _client = new ConsumerClient(options, "log-reader", PartitionsAtOnce, logger);
    }

    /// <summary>Asks the broker for a partition's log start and stable end now.</summary>
    /// <exception cref="Streaming.Core.Errors.BrokerUnavailableException">No answer in time.</exception>
    public ValueTask<PartitionBounds> BoundsAsync(string topic, int partition, CancellationToken cancellation) => _lane.RunAsync(() => _client.Bounds(topic, partition), cancellation);

    /// <summary>The committed records with offset ≥ <paramref name="from"/>, batch by batch, until one reaches <paramref name="to"/>, which must not lie beyond the stable end. The batch is reused; its last records may lie past the end.</summary>
    /// <exception cref="InvalidOperationException">The partition is being read already.</exception>
    /// <exception cref="Streaming.Core.Errors.BrokerUnavailableException">No broker answers.</exception>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(string topic, int partition, long from, long to, int maxRecords, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from >= to) yield break;
        lock (_open)
        {
            if (!_open.Add((topic, partition))) throw new InvalidOperationException($"{topic} [{partition}] is being read already.");
        }

        using var signal = new SemaphoreSlim(0);
        PartitionReader? reader = null;
        try
        {
            reader = await _lane.RunAsync(() => Open(topic, partition, from, signal), cancellation).ConfigureAwait(false);
            var batch = new RecordBatch();
            while (reader.Position < to)
            {
                if (await NextAsync(reader, batch, maxRecords, signal, cancellation).ConfigureAwait(false)) yield return batch;
            }
        }
        finally
        {
            if (reader is not null) await _lane.RunAsync(reader.Dispose, CancellationToken.None).ConfigureAwait(false);
            lock (_open) _open.Remove((topic, partition));
        }
    }

    /// <summary>Closes the consumer. What is being read must have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lane.RunAsync(_client.Dispose, CancellationToken.None).ConfigureAwait(false);
        _lane.Dispose();
    }

    private PartitionReader Open(string topic, int partition, long from, SemaphoreSlim signal)
    {
        var reader = new PartitionReader(_client, topic, partition, !_isEmbedded, signal);
        try
        {
            reader.Seek(from);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    // One look; where there is nothing yet, a wait until there may be, which ends in time to see that the broker went away.
    private async ValueTask<bool> NextAsync(PartitionReader reader, RecordBatch into, int maxRecords, SemaphoreSlim signal, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        into.Reset(reader.Position);
        if (reader.TryRead(into, maxRecords)) return into.Count > 0;
        _client.ThrowIfDown(into);
        await signal.WaitAsync(Look, cancellation).ConfigureAwait(false);
        return false;
    }
}
