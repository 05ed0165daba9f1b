using System.Text.RegularExpressions;
using Streaming.Contracts;

namespace Streaming.Kafka;

/// <summary>Everything about Kafka. Defaults are for one engine on a cluster of its own.</summary>
public sealed partial record KafkaOptions
{
    /// <summary>host:port, comma separated.</summary>
    public string BootstrapServers { get; init; } = "localhost:9092";
    /// <summary>Encryption and authentication.</summary>
    public KafkaSecurityOptions Security { get; init; } = new();
    /// <summary>Put before every topic name.</summary>
    public string TopicPrefix { get; init; } = "";
    /// <summary>Name of the events topic where the shop has one already; null: prefix + "events".</summary>
    public string? EventsTopic { get; init; }
    /// <summary>Consumer group that holds the committed offsets. Nobody may ever subscribe with it.</summary>
    public string GroupId { get; init; } = "streaming";
    /// <summary>First part of transactional.id; the events topic and the partition follow.</summary>
    public string TransactionalIdPrefix { get; init; } = "streaming";
    /// <summary>A transaction older than this is aborted by the broker, ms; 1,000-900,000. Open transactions hold back read_committed readers.</summary>
    public int TransactionTimeoutMs { get; init; } = 10_000;
    /// <summary>Longest wait of one request that is not part of a transaction, ms; 1,000-300,000.</summary>
    public int RequestTimeoutMs { get; init; } = 10_000;
    /// <summary>A record not delivered within this time fails its transaction, ms; at most <see cref="TransactionTimeoutMs"/>.</summary>
    public int MessageTimeoutMs { get; init; } = 8_000;
    /// <summary>Longest wait of the broker for new records, ms; 1-1,000. How soon the end of a partition is noticed.</summary>
    public int FetchWaitMs { get; init; } = 10;
    /// <summary>How long a shard's producer gathers records into one request, ms; 0-100.</summary>
    public int LingerMs { get; init; }
    /// <summary>Memory for prefetched records of a node, KiB; shared evenly by its possible partitions; 1,024-16,777,216.</summary>
    public int QueueKiBPerNode { get; init; } = 131_072;
    /// <summary>Largest record but of control, bytes; 1,000-100,000,000. The broker's message.max.bytes must allow it.</summary>
    public int MessageMaxBytes { get; init; } = 1_000_000;
    /// <summary>Largest record of <c>control</c>, bytes: what one batch may have to say of ten thousand users held back and as many brought back, and a table of item vectors.</summary>
    public const int ControlMaxBytes = 32 * 1024 * 1024;
    /// <summary>How often a node looks whether the topics are those that it was started with, ms; 1,000-3,600,000.</summary>
    public int TopologyCheckMs { get; init; } = 30_000;
    /// <summary>Whether missing topics may be created.</summary>
    public bool CreateTopics { get; init; } = true;
    /// <summary>Partitions of the events topic where the engine creates it, 1 to 10,000. An existing one keeps its count.</summary>
    public int Partitions { get; init; } = 8;
    /// <summary>Replicas of new topics; -1: the broker's default.</summary>
    public short ReplicationFactor { get; init; } = -1;
    /// <summary>Retention of new events, links, control and sessions topics, hours; 1-876,000. Profiles can be rebuilt this far back.</summary>
    public int RetentionHours { get; init; } = 24 * 90;
    /// <summary>Retention of new output topics, hours; 1-876,000.</summary>
    public int OutputRetentionHours { get; init; } = 24 * 7;
    /// <summary>Further librdkafka properties for every client. Those the engine's guarantees rest on are refused.</summary>
    public IReadOnlyDictionary<string, string> ClientProperties { get; init; } = new Dictionary<string, string>();

    /// <summary>True for the in-process cluster: its append time is a constant, its transaction markers carry no checksum, it keeps no transactional offsets.</summary>
    internal bool IsEmbedded { get; init; }

    /// <summary>The topics' names.</summary>
    public TopicNames Topics => new(TopicPrefix, EventsTopic);

    /// <summary>Every error at once, each with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(BootstrapServers) || !BootstrapServers.Split(',').All(s => HostPort().IsMatch(s.Trim())))
            yield return $"{nameof(BootstrapServers)}: '{BootstrapServers}' is not a comma-separated list of host:port.";
        foreach (var error in Security.Validate()) yield return $"{nameof(Security)}:{error}";
        if (TopicPrefix.Length > 0 && !TopicName().IsMatch(TopicPrefix)) yield return $"{nameof(TopicPrefix)}: '{TopicPrefix}' may hold letters, digits, '.', '_' and '-', at most 200.";
        if (EventsTopic is not null && !TopicName().IsMatch(EventsTopic)) yield return $"{nameof(EventsTopic)}: '{EventsTopic}' may hold letters, digits, '.', '_' and '-', at most 200.";
        if (string.IsNullOrWhiteSpace(GroupId)) yield return $"{nameof(GroupId)}: must not be empty.";
        if (string.IsNullOrWhiteSpace(TransactionalIdPrefix)) yield return $"{nameof(TransactionalIdPrefix)}: must not be empty.";
        foreach (var error in ValidateRanges()) yield return error;
        if (MessageTimeoutMs > TransactionTimeoutMs) yield return $"{nameof(MessageTimeoutMs)}: {MessageTimeoutMs} is above {nameof(TransactionTimeoutMs)} {TransactionTimeoutMs}.";
        if (ReplicationFactor is not -1 and < 1) yield return $"{nameof(ReplicationFactor)}: {ReplicationFactor} is neither -1 nor at least 1.";
        foreach (var name in ClientProperties.Keys)
            if (KafkaClientProperties.IsOwned(name)) yield return $"{nameof(ClientProperties)}: '{name}' is set by the engine itself, or by an option of its own; it cannot be set here.";
    }

    /// <summary>For logs: secrets as ***, and of further properties the names alone, since any may be a secret.</summary>
    public override string ToString() =>
        $"servers={BootstrapServers} security=({Security}) events={Topics.Events} prefix='{TopicPrefix}' group={GroupId} transactionalId={TransactionalIdPrefix} properties=[{string.Join(',', ClientProperties.Keys)}]";

    private IEnumerable<string> ValidateRanges()
    {
        (string Name, long Value, long Low, long High)[] ranges =
        [
            (nameof(TransactionTimeoutMs), TransactionTimeoutMs, 1_000, 900_000),
            (nameof(RequestTimeoutMs), RequestTimeoutMs, 1_000, 300_000),
            (nameof(MessageTimeoutMs), MessageTimeoutMs, 500, 900_000),
            (nameof(FetchWaitMs), FetchWaitMs, 1, 1_000),
            (nameof(LingerMs), LingerMs, 0, 100),
            (nameof(QueueKiBPerNode), QueueKiBPerNode, 1_024, 16_777_216),
            (nameof(MessageMaxBytes), MessageMaxBytes, 1_000, 100_000_000),
            (nameof(TopologyCheckMs), TopologyCheckMs, 1_000, 3_600_000),
            (nameof(Partitions), Partitions, 1, 10_000),
            (nameof(RetentionHours), RetentionHours, 1, 876_000),
            (nameof(OutputRetentionHours), OutputRetentionHours, 1, 876_000),
        ];
        foreach (var (name, value, low, high) in ranges)
            if (value < low || value > high) yield return $"{name}: {value} is outside {low}-{high}.";
    }

    [GeneratedRegex(@"^(\[[0-9a-fA-F:]+\]|[^:\s\[\]]+):\d{1,5}$")]
    private static partial Regex HostPort();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,200}$")]
    private static partial Regex TopicName();
}
