using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Streaming.Core;
using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>The instruments of this project.</summary>
internal static class KafkaMetrics
{
    private static readonly ConcurrentDictionary<PartitionReader, byte> Readers = new();
    private static readonly Counter<long> ConsumedRecords = EngineMeter.Meter.CreateCounter<long>("streaming_kafka_consumed_records_total", description: "Records read.");
    private static readonly Counter<long> ConsumedBytes = EngineMeter.Meter.CreateCounter<long>("streaming_kafka_consumed_bytes_total", description: "Bytes of keys, values and headers read.");
    private static readonly Counter<long> ProducedRecords = EngineMeter.Meter.CreateCounter<long>("streaming_kafka_produced_records_total", description: "Records handed to the client, aborted ones included.");
    private static readonly Counter<long> ProducedBytes = EngineMeter.Meter.CreateCounter<long>("streaming_kafka_produced_bytes_total", description: "Bytes of keys and values handed to the client.");
    private static readonly Histogram<double> TransactionSeconds = EngineMeter.Meter.CreateHistogram<double>("streaming_kafka_transaction_seconds", "s", "From begin to the answer of commit or abort, by outcome.");
    private static readonly Counter<long> ClientErrors = EngineMeter.Meter.CreateCounter<long>("streaming_kafka_client_errors_total", description: "Errors that a client reported, by code.");
    private static readonly Counter<long> ClientsReplaced = EngineMeter.Meter.CreateCounter<long>("streaming_kafka_clients_replaced_total", description: "Consumer clients that lost their way and were replaced by a fresh one, by role.");
    private static readonly Counter<long> ClientsGivenUp = EngineMeter.Meter.CreateCounter<long>("streaming_kafka_clients_given_up_total", description: "Producer clients whose call did not return, left with their threads until the process ends.");
    private static readonly Counter<double> ThrottleSeconds = EngineMeter.Meter.CreateCounter<double>("streaming_kafka_throttle_seconds_total", "s", "Time for which brokers held a client back because of a quota, by role.");
    private static readonly Counter<long> LoggerFailures = EngineMeter.Meter.CreateCounter<long>("streaming_kafka_logger_failures_total", description: "Client log lines lost because the logger threw.");
    private static readonly Counter<long> TopologyWarnings = EngineMeter.Meter.CreateCounter<long>("streaming_kafka_topology_warnings_total", description: "Topic settings that are tolerated but wrong.");

    static KafkaMetrics() => EngineMeter.Meter.CreateObservableGauge("streaming_kafka_lag_records", ObserveLag, description: "Offsets between the reader and the end of its partition.");

    public static void Track(PartitionReader reader) => Readers.TryAdd(reader, 0);

    public static void Untrack(PartitionReader reader) => Readers.TryRemove(reader, out _);

    public static void Consumed(string topic, int records, long bytes)
    {
        var tag = new KeyValuePair<string, object?>("topic", topic);
        ConsumedRecords.Add(records, tag);
        ConsumedBytes.Add(bytes, tag);
    }

    public static void Produced(string topic, long records, long bytes)
    {
        var tag = new KeyValuePair<string, object?>("topic", topic);
        ProducedRecords.Add(records, tag);
        ProducedBytes.Add(bytes, tag);
    }

    public static void Transaction(TimeSpan duration, string outcome) =>
        TransactionSeconds.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    public static void ClientError(string role, int code) =>
        ClientErrors.Add(1, new("role", role), new("code", RdError.Name(code)));

    public static void ClientReplaced(string role) => ClientsReplaced.Add(1, new KeyValuePair<string, object?>("role", role));

    public static void Throttled(string role, int ms) => ThrottleSeconds.Add(ms / 1000.0, new KeyValuePair<string, object?>("role", role));

    public static void ClientGivenUp() => ClientsGivenUp.Add(1);

    public static void LoggerFailed(string role) => LoggerFailures.Add(1, new KeyValuePair<string, object?>("role", role));

    public static void TopologyWarning(string reason) => TopologyWarnings.Add(1, new KeyValuePair<string, object?>("reason", reason));

    private static IEnumerable<Measurement<long>> ObserveLag()
    {
        foreach (var reader in Readers.Keys)
            yield return new Measurement<long>(reader.Lag(), new("topic", reader.Topic), new("partition", reader.Partition));
    }
}
