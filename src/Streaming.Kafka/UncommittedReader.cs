using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Shard;

namespace Streaming.Kafka;

/// <summary>Reads the end of a partition as it is written, whatever became of the transactions: for the rare take-over that finds one hanging. A client of its own, closed at once.</summary>
internal static class UncommittedReader
{
    private const int MaxRecords = 512, WaitMs = 200;

    /// <summary>The values from an offset to the end as it is now. Blocks.</summary>
    /// <exception cref="BrokerUnavailableException">They did not come within the time of a request.</exception>
    public static IReadOnlyList<byte[]> Read(KafkaOptions options, string topic, int partition, long offset, ILogger logger)
    {
        using var client = new ConsumerClient(options, "uncommitted", 1, logger, seesPending: true);
        var end = client.Bounds(topic, partition).StableEnd;
        using var signal = new SemaphoreSlim(0);
        using var reader = new PartitionReader(client, topic, partition, !options.IsEmbedded, signal);
        var values = new List<byte[]>();
        var batch = new RecordBatch();
        batch.Reset(offset);
        reader.Seek(offset);
        for (var started = Stopwatch.GetTimestamp(); reader.Position < end;)
        {
            if (Stopwatch.GetElapsedTime(started).TotalMilliseconds > options.RequestTimeoutMs) throw new BrokerUnavailableException($"{topic} [{partition}] was not read to its end at {end} within {options.RequestTimeoutMs} ms");
            if (!reader.TryRead(batch, MaxRecords)) signal.Wait(WaitMs);
            foreach (ref readonly var record in batch.Records)
            {
                if (record.ValueLength > 0) values.Add(batch.Value(record).ToArray());
            }

            batch.Reset(reader.Position);
        }

        return values;
    }
}
