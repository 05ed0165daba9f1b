using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Shard;

namespace Streaming.Kafka;

/// <summary>What a shard's transactions left in the topics, as its take-over looks for it where a coordinator may have dropped markers (docs/decisions/0020). Calls block.</summary>
internal sealed class TransactionTraces(KafkaOptions options, int shard, ILogger logger)
{
    /// <summary>What clocks of brokers may differ by.</summary>
    private const int ClocksMs = 60_000;
    private const int OthersWaitMs = 20, MostOthersWaitMs = 500;

    /// <summary>See <see cref="IShardBroker.FindOpenAsync"/>.</summary>
    /// <param name="among">Partitions.</param>
    /// <param name="peek">Asks a client that sees what is pending.</param>
    /// <param name="consumer">A client that does not.</param>
    /// <param name="waitMs">Time that another shard's transaction has to end.</param>
    /// <param name="isClosing">Ends the wait.</param>
    public IReadOnlyList<TracedRecord> FindOpen(IReadOnlyList<(OutputTopic Topic, int Partition)> among, Func<Func<ConsumerClient, long[]>, long[]> peek, ConsumerClient consumer, long waitMs, Func<bool> isClosing)
    {
        List<(string Topic, int Partition)> named = [.. among.Select(at => (NameOf(at.Topic), at.Partition))];
        PartitionScan? scan = null;
        try
        {
            var pauseMs = OthersWaitMs;
            for (var start = Stopwatch.GetTimestamp(); ; pauseMs = Math.Min(MostOthersWaitMs, pauseMs * 2))
            {
                var ends = peek(client => client.Ends(named)); // first: what is added between is not taken for open
                var stableEnds = consumer.Ends(named);
                var open = Enumerable.Range(0, among.Count).Where(i => ends[i] > stableEnds[i]).ToList();
                if (open.Count == 0) return [];
                scan ??= new PartitionScan(options, seesAll: true, logger);
                var (first, hidden) = Look(scan, open.Select(i => (among[i], stableEnds[i], ends[i])));
                if (hidden is null || first.Exists(IsOwn)) return first;
                if (Stopwatch.GetElapsedTime(start).TotalMilliseconds >= waitMs || isClosing())
                    throw new RecordsHiddenException($"partition {shard}: records of it in {NameOf(hidden.Topic)} [{hidden.Partition}] stand behind an open transaction of {(hidden.Shard < 0 ? "somebody else" : $"partition {hidden.Shard}")}");
                Thread.Sleep(pauseMs);
            }
        }
        finally
        {
            scan?.Dispose();
        }
    }

    // The first open record of each partition, and one that hides records of this shard.
    private (List<TracedRecord> First, TracedRecord? Hidden) Look(PartitionScan scan, IEnumerable<((OutputTopic Topic, int Partition) At, long From, long To)> open)
    {
        var found = new List<TracedRecord>();
        TracedRecord? hidden = null;
        foreach (var (at, from, to) in open)
        {
            TracedRecord? first = null;
            scan.Read(NameOf(at.Topic), at.Partition, from, (RecordBatch batch, in SourceRecord record) =>
            {
                if (record.Offset >= to) return true;
                var traced = Traced(at.Topic, at.Partition, batch, in record);
                if (first is null) found.Add(first = traced);
                else if (IsOwn(traced)) hidden = first;
                return IsOwn(traced);
            });
        }

        return (found, hidden);
    }

    private bool IsOwn(TracedRecord record) => record.Shard == shard || record.Topic == OutputTopic.Control;

    /// <summary>See <see cref="IShardBroker.IsCommittedAsync"/>.</summary>
    public bool IsCommitted(long transaction, long timeMs, IReadOnlyList<(OutputTopic Topic, int Partition)> among)
    {
        using var scan = new PartitionScan(options, seesAll: false, logger);
        var found = false;
        foreach (var (topic, partition) in among)
        {
            var from = From(scan, NameOf(topic), partition, timeMs - options.TransactionTimeoutMs - ClocksMs);
            scan.Read(NameOf(topic), partition, from, (RecordBatch batch, in SourceRecord record) =>
                found = TransactionHeader.TryRead(batch.Headers(record), out var writer, out var number) && writer == shard && number == transaction);
            if (found) return true;
        }

        return false;
    }

    // Where producers' clocks gave the times, they are no guide: all is read.
    private static long From(PartitionScan scan, string topic, int partition, long timeMs)
    {
        var start = scan.Client.Bounds(topic, partition).LogStart;
        var isAppendTime = true;
        scan.Read(topic, partition, start, (RecordBatch _, in SourceRecord record) =>
        {
            isAppendTime = record.IsAppendTime;
            return true;
        });
        return isAppendTime ? scan.Client.OffsetAt(topic, partition, Math.Max(0, timeMs)) : start;
    }

    /// <summary>See <see cref="IShardBroker.ReadUncommittedAsync"/>.</summary>
    public IReadOnlyList<TracedRecord> ReadUncommitted(OutputTopic topic, int partition, long from, long? transaction)
    {
        var records = new List<TracedRecord>();
        using var scan = new PartitionScan(options, seesAll: true, logger);
        scan.Read(NameOf(topic), partition, from, (RecordBatch batch, in SourceRecord record) =>
        {
            // The shop may have written much behind it: only what is wanted is kept.
            var isWanted = transaction is null || (TransactionHeader.TryRead(batch.Headers(record), out var writer, out var number) && writer == shard && number == transaction);
            if (isWanted) records.Add(Traced(topic, partition, batch, in record));
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
