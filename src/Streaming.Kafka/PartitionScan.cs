using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Shard;

namespace Streaming.Kafka;

/// <summary>Reads stretches of partitions beside the shard's own readers, for the rare take-over that finds a transaction hanging. A client of its own, closed with it. Calls block.</summary>
internal sealed class PartitionScan : IDisposable
{
    private const int MaxRecords = 512, WaitMs = 200;
    private readonly ConsumerClient _client;
    private readonly KafkaOptions _options;

    /// <param name="options">Settings.</param>
    /// <param name="seesAll">True: records are read whatever became of their transactions; false: committed ones.</param>
    /// <param name="logger">Log of the client.</param>
    public PartitionScan(KafkaOptions options, bool seesAll, ILogger logger)
    {
        _options = options;
        _client = new ConsumerClient(options, "scan", 1, logger, seesAll);
    }

    /// <summary>The client that reads.</summary>
    public ConsumerClient Client => _client;

    /// <summary>Hands out each record from an offset to the end as it is now, until there is enough.</summary>
    /// <exception cref="BrokerUnavailableException">None came for as long as a request may take.</exception>
    public void Read(string topic, int partition, long offset, RecordHandler isEnough)
    {
        var end = _client.Bounds(topic, partition).StableEnd;
        using var signal = new SemaphoreSlim(0);
        using var reader = new PartitionReader(_client, topic, partition, !_options.IsEmbedded, signal);
        var batch = new RecordBatch();
        batch.Reset(offset);
        if (offset < end) reader.Seek(offset);
        for (var heard = Stopwatch.GetTimestamp(); batch.FromOffset < end; batch.Reset(reader.Position))
        {
            if (Stopwatch.GetElapsedTime(heard).TotalMilliseconds > _options.RequestTimeoutMs)
                throw new BrokerUnavailableException($"{topic} [{partition}]: read to {reader.Position}, but not to its end at {end}: nothing came for {_options.RequestTimeoutMs} ms");
            if (!reader.TryRead(batch, MaxRecords)) signal.Wait(WaitMs);
            if (reader.Position > batch.FromOffset) heard = Stopwatch.GetTimestamp();
            foreach (ref readonly var record in batch.Records)
            {
                if (isEnough(batch, in record)) return;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Looks at a record; true where no more is wanted.</summary>
    internal delegate bool RecordHandler(RecordBatch batch, in SourceRecord record);
}
