using System.Globalization;
using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Native;
using Streaming.Kafka.Topics;

namespace Streaming.Kafka.Embedded;

/// <summary>
/// librdkafka's in-process cluster with the engine's topics, so that the demo needs nothing installed. It proves plumbing, never exactly-once: it neither
/// fences, nor honours read_committed, nor stores transactional offsets (<see cref="ICommittedOffsets"/> does), and keeps about 5 MiB a partition.
/// Dispose it after every client of it.
/// </summary>
public sealed unsafe class EmbeddedKafka : IDisposable
{
    private readonly NativeClient _host;
    private readonly nint _cluster;

    /// <summary>Starts the cluster and creates the topics.</summary>
    /// <param name="options">Settings; names, partition counts and waits are taken from them, the address is the cluster's own.</param>
    /// <param name="logger">Log of the host client.</param>
    public EmbeddedKafka(KafkaOptions options, ILogger<EmbeddedKafka> logger)
    {
        var properties = new Dictionary<string, string> { ["test.mock.num.brokers"] = "1", ["client.id"] = "streaming-embedded" };
        _host = NativeClient.Producer("embedded", properties, logger);
        _cluster = Rd.MockCluster(_host.Handle);
        var address = Utf8.ToString(Rd.MockBootstraps(_cluster));
        Options = options with { BootstrapServers = address, Security = new KafkaSecurityOptions(), CreateTopics = false, IsEmbedded = true };
        foreach (var spec in TopicSpecs.All(Options, Options.Partitions)) CreateTopic(spec.Name, spec.Partitions);
    }

    /// <summary>Settings that reach this cluster.</summary>
    public KafkaOptions Options { get; }

    /// <summary>host:port, on the loopback interface.</summary>
    public string BootstrapServers => Options.BootstrapServers;

    /// <summary>Creates one more topic.</summary>
    public void CreateTopic(string name, int partitions)
    {
        var code = Rd.MockTopicCreate(_cluster, name, partitions, 1);
        if (code != RdError.None) throw new TopologyMismatchException(string.Create(CultureInfo.InvariantCulture, $"topic '{name}' with {partitions} partitions: {RdError.Text(code)}"));
    }

    /// <summary>A node of this cluster.</summary>
    /// <param name="committed">Where C is kept.</param>
    /// <param name="time">Stands in for the broker's append time, which is a constant here.</param>
    /// <param name="logger">Log of the clients.</param>
    public KafkaNode CreateNode(ICommittedOffsets committed, TimeProvider time, ILogger<KafkaNode> logger) => new(Options, Options.Partitions, committed, time, logger);

    /// <summary>Ends the cluster and forgets its records.</summary>
    public void Dispose() => _host.Dispose();
}
