using System.Globalization;
using static System.FormattableString;

namespace Streaming.Kafka;

/// <summary>librdkafka's properties for each kind of client, from <see cref="KafkaOptions"/>.</summary>
internal static class KafkaClientProperties
{
    private const int MinQueueKiB = 64;

    private static readonly HashSet<string> Owned = new(StringComparer.OrdinalIgnoreCase)
    {
        "bootstrap.servers", "metadata.broker.list", "security.protocol", "sasl.mechanism", "sasl.mechanisms", "sasl.username", "sasl.password",
        "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.key.password", "group.id", "group.instance.id", "group.protocol",
        "transactional.id", "transaction.timeout.ms", "enable.idempotence", "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset",
        "isolation.level", "check.crcs", "enable.partition.eof", "acks", "request.required.acks", "message.timeout.ms", "delivery.timeout.ms",
        "fetch.wait.max.ms", "linger.ms", "queue.buffering.max.ms", "queued.max.messages.kbytes", "message.max.bytes", "partitioner",
        "delivery.report.only.error", "log.queue", "enable.ssl.certificate.verification", "ssl.endpoint.identification.algorithm",
    };

    /// <summary>True for properties that the guarantees rest on (who the broker is among them), or that have an option of their own.</summary>
    public static bool IsOwned(string name) => Owned.Contains(name) || name.StartsWith("test.mock.", StringComparison.OrdinalIgnoreCase);

    /// <summary>What every client shares.</summary>
    public static Dictionary<string, string> Common(KafkaOptions options, string role)
    {
        var security = options.Security;
        var result = new Dictionary<string, string>(options.ClientProperties, StringComparer.OrdinalIgnoreCase)
        {
            ["bootstrap.servers"] = options.BootstrapServers,
            ["security.protocol"] = security.Protocol,
        };
        result.TryAdd("client.id", "streaming-" + role);
        result.TryAdd("reconnect.backoff.max.ms", "2000");
        // A client that missed the news of a partition's leader, or heard of no such topic from a broker that had just started, fetches and sends nothing until it asks again; by itself each five minutes.
        result.TryAdd("topic.metadata.refresh.interval.ms", "10000");
        Set(result, "sasl.mechanism", security.SaslMechanism);
        Set(result, "sasl.username", security.SaslUsername);
        Set(result, "sasl.password", security.SaslPassword);
        Set(result, "ssl.ca.location", security.CaFile);
        Set(result, "ssl.certificate.location", security.CertificateFile);
        Set(result, "ssl.key.location", security.KeyFile);
        Set(result, "ssl.key.password", security.KeyPassword);
        return result;
    }

    /// <summary>A consumer that is only ever assigned, reads committed records and never resets by itself.</summary>
    public static Dictionary<string, string> Consumer(KafkaOptions options, string role, int partitions)
    {
        var result = Common(options, role);
        result["group.id"] = options.GroupId;
        result["group.protocol"] = "classic";
        result["enable.auto.commit"] = "false";
        result["enable.auto.offset.store"] = "false";
        result["auto.offset.reset"] = "error";
        result["isolation.level"] = "read_committed";
        result["check.crcs"] = options.IsEmbedded ? "false" : "true";
        result["enable.partition.eof"] = "true";
        result["fetch.wait.max.ms"] = Text(options.FetchWaitMs);
        result["queued.max.messages.kbytes"] = Text(Math.Max(MinQueueKiB, options.QueueKiBPerNode / Math.Max(1, partitions)));
        result.TryAdd("socket.timeout.ms", Text(options.RequestTimeoutMs));
        result.TryAdd("fetch.error.backoff.ms", "100");
        // A full queue is looked at again after this time; the default of a second would stop a shard that drains it within milliseconds.
        result.TryAdd("fetch.queue.backoff.ms", "5");
        ConnectByItself(result);
        return result;
    }

    /// <summary>The transactional producer of one partition: the id follows the partition, because it is the only fence (design §3).</summary>
    public static Dictionary<string, string> Transactional(KafkaOptions options, int partition)
    {
        var result = Common(options, Invariant($"shard-{partition}"));
        result["transactional.id"] = Invariant($"{options.TransactionalIdPrefix}-{options.Topics.Events}-{partition}");
        result["transaction.timeout.ms"] = Text(options.TransactionTimeoutMs);
        result["enable.idempotence"] = "true";
        result["message.timeout.ms"] = Text(options.MessageTimeoutMs);
        result["linger.ms"] = Text(options.LingerMs);
        result["message.max.bytes"] = Text(Math.Max(options.MessageMaxBytes, KafkaOptions.ControlMaxBytes)); // the producer holds other topics to their own limit
        result.TryAdd("compression.type", "lz4");
        // A failed transaction ends its client, and the next one begins at the bootstrap addresses. One that throws its brokers away by itself may wait for them for ever (TransactionalProducer.TryGiveUp).
        result.TryAdd("metadata.recovery.strategy", "none");
        return result;
    }

    /// <summary>An idempotent producer for bulk.</summary>
    public static Dictionary<string, string> Bulk(KafkaOptions options, string role)
    {
        var result = Common(options, role);
        result["enable.idempotence"] = "true";
        result["delivery.report.only.error"] = "true";
        result["message.max.bytes"] = Text(options.MessageMaxBytes);
        result["message.timeout.ms"] = Text(Math.Max(options.MessageTimeoutMs, 60_000));
        result["linger.ms"] = "20";
        ConnectByItself(result);
        result.TryAdd("batch.size", "1000000");
        result.TryAdd("batch.num.messages", "50000");
        result.TryAdd("queue.buffering.max.messages", "200000");
        result.TryAdd("queue.buffering.max.kbytes", "131072");
        result.TryAdd("compression.type", "lz4");
        return result;
    }

    /// <summary>An idempotent producer for callers that wait for each record's report.</summary>
    public static Dictionary<string, string> Acknowledged(KafkaOptions options, string role)
    {
        var result = Common(options, role);
        result["enable.idempotence"] = "true";
        result["message.max.bytes"] = Text(options.MessageMaxBytes);
        result["message.timeout.ms"] = Text(options.MessageTimeoutMs);
        result["linger.ms"] = Text(options.LingerMs);
        result.TryAdd("compression.type", "lz4");
        // A queue that is full is told at once, so that callers slow down; the library's own room would be a gibibyte.
        result.TryAdd("queue.buffering.max.kbytes", "65536");
        ConnectByItself(result);
        return result;
    }

    // By default librdkafka connects only where it has somebody to ask for, and whom it has forgotten it does not ask for: after a restart of its only broker a client was seen to hold the bootstrap address, without a
    // connection and without an attempt at one, for as long as it lived (docs/decisions/0029). A producer of transactions is replaced after any failure and needs no such way back.
    private static void ConnectByItself(Dictionary<string, string> properties) => properties.TryAdd("enable.sparse.connections", "false");

    private static void Set(Dictionary<string, string> properties, string name, string? value)
    {
        if (value is not null) properties[name] = value;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
