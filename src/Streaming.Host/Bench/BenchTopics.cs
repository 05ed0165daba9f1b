using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Bench;

/// <summary>Topics, group and ids of one benchmark's run on a real broker, with a prefix of their own; deleted at its end, whatever that end is.</summary>
internal sealed class BenchTopics : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _run = "bench-" + Guid.NewGuid().ToString("n")[..8];

    /// <summary>Names them; nothing is created.</summary>
    /// <param name="kafka">How the broker is reached.</param>
    /// <param name="partitions">Partitions of events, once they are created.</param>
    public BenchTopics(KafkaOptions kafka, int partitions) =>
        Kafka = kafka with { TopicPrefix = _run + "-", EventsTopic = null, GroupId = _run, TransactionalIdPrefix = _run, Partitions = partitions };

    /// <summary>Group of a plain client that is measured beside the engine; goes with the topics.</summary>
    public string EchoGroup => _run + "-echo";

    /// <summary>Settings of a client in this process.</summary>
    public KafkaOptions Kafka { get; }

    /// <summary>The same settings for a child process.</summary>
    public IEnumerable<string> Settings =>
    [
        $"Kafka:BootstrapServers={Kafka.BootstrapServers}", $"Kafka:TopicPrefix={Kafka.TopicPrefix}", $"Kafka:EventsTopic={Kafka.Topics.Events}", $"Kafka:GroupId={_run}", $"Kafka:TransactionalIdPrefix={_run}",
        FormattableString.Invariant($"Kafka:Partitions={Kafka.Partitions}"),
    ];

    /// <summary>Creates the engine's topics.</summary>
    public async Task CreateAsync(CancellationToken cancellation) => await new KafkaTopics(Kafka, NullLogger<KafkaTopics>.Instance).EnsureAsync(cancellation);

    /// <summary>Creates one more topic of the run; it goes with the others.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> AddAsync(string name, int partitions)
    {
        using var admin = new AdminClientBuilder(Client()).SetLogHandler(static (_, _) => { }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = Kafka.TopicPrefix + name, NumPartitions = partitions, ReplicationFactor = -1 }]);
        return Kafka.TopicPrefix + name;
    }

    /// <summary>Deletes topics and group, where there are any. What cannot be deleted is named on standard error: the measured figures do not depend on it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var admin = new AdminClientBuilder(Client()).SetLogHandler(static (_, _) => { }).Build();
            var there = admin.GetMetadata(Patience).Topics.Select(t => t.Topic).Where(t => t.StartsWith(Kafka.TopicPrefix, StringComparison.Ordinal)).ToList();
            if (there.Count > 0) await admin.DeleteTopicsAsync(there, new DeleteTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience });
            await DeleteGroupAsync(admin);
        }
        catch (KafkaException e)
        {
            await Console.Error.WriteLineAsync($"Topics {Kafka.TopicPrefix}* may be left on the broker: {e.Error.Reason}");
        }
    }

    private async Task DeleteGroupAsync(IAdminClient admin)
    {
        try
        {
            await admin.DeleteGroupsAsync([_run, EchoGroup], new DeleteGroupsOptions { RequestTimeout = Patience });
        }
        catch (DeleteGroupsException e) when (e.Results.TrueForAll(r => r.Error.Code is ErrorCode.GroupIdNotFound or ErrorCode.NoError))
        {
            return; // a node that saw no event committed nothing
        }
    }

    private ClientConfig Client()
    {
        var (security, client) = (Kafka.Security, new ClientConfig(new Dictionary<string, string>(Kafka.ClientProperties)) { BootstrapServers = Kafka.BootstrapServers });
        foreach (var (name, value) in new[]
        {
            ("security.protocol", security.Protocol), ("sasl.mechanism", security.SaslMechanism), ("sasl.username", security.SaslUsername), ("sasl.password", security.SaslPassword),
            ("ssl.ca.location", security.CaFile), ("ssl.certificate.location", security.CertificateFile), ("ssl.key.location", security.KeyFile), ("ssl.key.password", security.KeyPassword),
        })
        {
            if (!string.IsNullOrEmpty(value)) client.Set(name, value);
        }

        return client;
    }
}
