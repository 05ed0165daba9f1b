using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Streaming.Core.Shard;

namespace Streaming.Kafka;

/// <summary>
/// Reads partitions of one topic, committed records only, from given offsets or the start, until given ends or for ever. Its own consumer, which neither
/// commits nor joins a group. One call at a time.
/// </summary>
public sealed class KafkaTopicReader : IAsyncDisposable
{
    private readonly ConsumerClient _client;
    private readonly BlockingLane _lane;
    private readonly SemaphoreSlim _signal = new(0);
    private readonly SortedDictionary<int, PartitionReader> _readers = [];
    private readonly Dictionary<int, PartitionBounds> _startBounds = [];
    private readonly string _topic;
    private readonly bool _isEmbedded;
    private int[] _partitions = [];
    private int _next;

    private KafkaTopicReader(KafkaOptions options, string topic, int partitions, ILogger logger)
    {
        (_topic, _isEmbedded) = (topic, options.IsEmbedded);
        _client = new ConsumerClient(options, "reader", partitions, logger);
        _lane = new BlockingLane("kafka-reader");
    }

    /// <summary>Log start and stable end of each partition when the reader was opened.</summary>
    public IReadOnlyDictionary<int, PartitionBounds> Bounds => _startBounds;

    /// <summary>Opens a reader at the log start of every partition, or at given offsets.</summary>
    /// <param name="options">Validated settings.</param>
    /// <param name="topic">Topic name.</param>
    /// <param name="partitions">Partition numbers.</param>
    /// <param name="from">Offsets to start from, by partition; those left out start at their log start.</param>
    /// <param name="logger">Log of the client.</param>
    /// <param name="cancellation">Ends the opening.</param>
    public static async ValueTask<KafkaTopicReader> OpenAsync(KafkaOptions options, string topic, IReadOnlyCollection<int> partitions,
        IReadOnlyDictionary<int, long>? from, ILogger<KafkaTopicReader> logger, CancellationToken cancellation)
    {
        var reader = new KafkaTopicReader(options, topic, partitions.Count, logger);
        try
        {
            await reader._lane.RunAsync(() => reader.Start(partitions, from), cancellation).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Next offset to read of a partition.</summary>
    public long Position(int partition) => _readers[partition].Position;

    /// <summary>Asks the broker for a partition's log start and stable end now.</summary>
    public ValueTask<PartitionBounds> ReadBoundsAsync(int partition, CancellationToken cancellation) =>
        _lane.RunAsync(() => _client.Bounds(_topic, partition), cancellation);

    /// <summary>
    /// Reads records of the next partition that has some into the batch (it is reset). Answers the partition; -1: none had any within the wait.
    /// A batch without records but with <see cref="RecordBatch.AtEnd"/> says that a partition's end was reached.
    /// </summary>
    public async ValueTask<int> ReadAsync(RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryRead(into, maxRecords) is var partition and >= 0) return partition;
            _client.ThrowIfDown(into);
            var left = maxWait - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || !await _signal.WaitAsync(left, cancellation).ConfigureAwait(false)) return -1;
        }
    }

    /// <summary>Reads up to given ends (exclusive; the stable ends at opening where null) and hands out each batch with its partition. The batch is reused; its last records may lie past the end.</summary>
    public async ValueTask ReadToAsync(IReadOnlyDictionary<int, long>? ends, Func<int, RecordBatch, ValueTask> handle, int maxRecords, CancellationToken cancellation)
    {
        var batch = new RecordBatch();
        var open = _partitions.Where(partition => Position(partition) < EndOf(ends, partition)).ToHashSet();
        while (open.Count > 0)
        {
            var partition = await ReadAsync(batch, maxRecords, TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(false);
            if (partition < 0) continue;
            if (batch.Count > 0 && open.Contains(partition)) await handle(partition, batch).ConfigureAwait(false);
            if (Position(partition) >= EndOf(ends, partition)) open.Remove(partition);
        }
    }

    /// <summary>Closes the reader and its consumer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lane.RunAsync(() =>
        {
            foreach (var reader in _readers.Values) reader.Dispose();
            _client.Dispose();
        }, CancellationToken.None).ConfigureAwait(false);
        _lane.Dispose();
    }

    private long EndOf(IReadOnlyDictionary<int, long>? ends, int partition) => ends is null ? _startBounds[partition].StableEnd : ends.GetValueOrDefault(partition, 0);

    private void Start(IReadOnlyCollection<int> partitions, IReadOnlyDictionary<int, long>? from)
    {
        foreach (var partition in partitions)
        {
            var bounds = _client.Bounds(_topic, partition);
            _startBounds[partition] = bounds;
            var reader = new PartitionReader(_client, _topic, partition, !_isEmbedded, _signal);
            _readers[partition] = reader;
            reader.Seek(from is not null && from.TryGetValue(partition, out var offset) ? offset : bounds.LogStart);
        }

        _partitions = [.. _readers.Keys];
    }

    private int TryRead(RecordBatch into, int maxRecords)
    {
        for (var i = 0; i < _partitions.Length; i++)
        {
            var partition = _partitions[_next];
            _next = (_next + 1) % _partitions.Length;
            var reader = _readers[partition];
            into.Reset(reader.Position);
            if (reader.TryRead(into, maxRecords)) return partition;
        }

        return -1;
    }
}
