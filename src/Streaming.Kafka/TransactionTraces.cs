using Microsoft.Extensions.Logging;
using Streaming.Core.Shard;

namespace Streaming.Kafka;

/// <summary>What a shard's transactions left in the topics, as its take-over looks for it where a coordinator may have dropped markers (docs/decisions/0020). Calls block.</summary>
internal sealed class TransactionTraces(KafkaOptions options, int shard, ILogger logger)
{
    /// <summary>What clocks of brokers may differ by.</summary>
    private const int ClocksMs = 60_000;

    /// <summary>See <see cref="IShardBroker.FindOpenAsync"/>.</summary>
    /// <param name="among">Partitions.</param>
    /// <param name="peek">Asks a client that sees what is pending.</param>
    /// <param name="consumer">A client that does not.</param>
    public IReadOnlyList<TracedRecord> FindOpen(IReadOnlyList<(OutputTopic Topic, int Partition)> among, Func<Func<ConsumerClient, long[]>, long[]> peek, ConsumerClient consumer)
    {
        List<(string, int)> named = [.. among.Select(at => (NameOf(at.Topic), at.Partition))];
        var ends = peek(client => client.Ends(named)); // first: what is added between is not taken for open
        var stableEnds = consumer.Ends(named);
        var found = new List<TracedRecord>();
        PartitionScan? scan = null;
        try
        {
            for (var i = 0; i < among.Count; i++)
            {
                if (ends[i] <= stableEnds[i]) continue;
                var (topic, partition) = among[i];
                scan ??= new PartitionScan(options, seesAll: true, logger);
                scan.Read(NameOf(topic), partition, stableEnds[i], (RecordBatch batch, in SourceRecord record) =>
                {
                    found.Add(Traced(topic, partition, batch, in record));
                    return true;
                });
            }
        }
        finally
        {
            scan?.Dispose();
        }

        return found;
    }

    /// <summary>See <see cref="IShardBroker.IsCommittedAsync"/>.</summary>
    public bool IsCommitted(long transaction, long timeMs, IReadOnlyList<(OutputTopic Topic, int Partition)> among)
    {
        using var scan = new PartitionScan(options, seesAll: false, logger);
        var found = false;
        foreach (var (topic, partition) in among)
        {
            var from = scan.Client.OffsetAt(NameOf(topic), partition, Math.Max(0, timeMs - options.TransactionTimeoutMs - ClocksMs));
            scan.Read(NameOf(topic), partition, from, (RecordBatch batch, in SourceRecord record) =>
                found = TransactionHeader.TryRead(batch.Headers(record), out var writer, out var number) && writer == shard && number == transaction);
            if (found) return true;
        }

        return false;
    }

    /// <summary>See <see cref="IShardBroker.ReadUncommittedAsync"/>.</summary>
    public IReadOnlyList<TracedRecord> ReadUncommitted(OutputTopic topic, int partition, long offset)
    {
        var records = new List<TracedRecord>();
        using var scan = new PartitionScan(options, seesAll: true, logger);
        scan.Read(NameOf(topic), partition, offset, (RecordBatch batch, in SourceRecord record) =>
        {
            records.Add(Traced(topic, partition, batch, in record));
            return false;
        });
        return records;
    }

    private static TracedRecord Traced(OutputTopic topic, int partition, RecordBatch batch, in SourceRecord record)
    {
        _ = TransactionHeader.TryRead(batch.Headers(record), out var writer, out var transaction);
        return new TracedRecord(topic, partition, record.Offset, writer, transaction, record.TimestampMs, batch.Key(record).ToArray(), batch.Value(record).ToArray());
    }

    private string NameOf(OutputTopic topic) => OutputTopics.NameOf(options.Topics, topic);
}
