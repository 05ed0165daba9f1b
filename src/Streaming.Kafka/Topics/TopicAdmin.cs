using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Core.Errors;

namespace Streaming.Kafka.Topics;

/// <summary>Kafka's admin calls that the start needs. Never by metadata requests, which may create a topic by asking for it.</summary>
internal sealed class TopicAdmin : IDisposable
{
    private const int ReadyPollMs = 50;
    private readonly IAdminClient _admin;
    private readonly TimeSpan _timeout;
    private readonly string _servers;
    private volatile string? _lastFailure;

    public TopicAdmin(KafkaOptions options, Action<LogMessage> log)
    {
        _servers = options.BootstrapServers;
        _timeout = TimeSpan.FromMilliseconds(options.RequestTimeoutMs);
        _admin = new AdminClientBuilder(KafkaClientProperties.Common(options, "admin")).SetLogHandler((_, message) => Take(message)).Build();

        void Take(LogMessage message)
        {
            if (message.Level <= SyslogLevel.Error) _lastFailure = message.Message;
            log(message);
        }
    }

    // A call that timed out says nothing of why: an address that the broker advertises and nobody listens at, a password that it refused, a certificate that is no good. The client's log does.
    private string Why => _lastFailure is { } failure ? $"; last: {failure}" : "";

    /// <summary>Those of the topics that exist, by name; the role is left empty.</summary>
    public async Task<Dictionary<string, TopologyTopic>> DescribeAsync(IEnumerable<string> names)
    {
        List<TopicDescription> descriptions;
        try
        {
            descriptions = (await _admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(names), new DescribeTopicsOptions { RequestTimeout = _timeout }).ConfigureAwait(false)).TopicDescriptions;
        }
        catch (DescribeTopicsException error)
        {
            descriptions = error.Results.TopicDescriptions;
        }
        catch (KafkaException error)
        {
            throw new BrokerUnavailableException($"{_servers}: describing topics: {error.Error}{Why}", error);
        }

        var found = new Dictionary<string, TopologyTopic>();
        foreach (var topic in descriptions)
        {
            if (topic.Error.Code == ErrorCode.UnknownTopicOrPart) continue;
            if (topic.Error.IsError) throw new BrokerUnavailableException($"describing topic '{topic.Name}': {topic.Error}");
            found[topic.Name] = new TopologyTopic("", topic.Name, topic.Partitions.Count, topic.TopicId.ToString());
        }

        return found;
    }

    /// <summary>Creates a topic; true where this call did, false where another node was faster.</summary>
    public async Task<bool> CreateAsync(TopicSpec spec, short replication)
    {
        try
        {
            await _admin.CreateTopicsAsync([new TopicSpecification { Name = spec.Name, NumPartitions = spec.Partitions, ReplicationFactor = replication, Configs = new Dictionary<string, string>(spec.Configs) }],
                new CreateTopicsOptions { RequestTimeout = _timeout, OperationTimeout = _timeout }).ConfigureAwait(false);
            return true;
        }
        catch (CreateTopicsException error) when (error.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            return false;
        }
        catch (CreateTopicsException error)
        {
            throw new TopologyMismatchException($"topic '{spec.Name}' is missing and could not be created: {error.Results[0].Error}", error);
        }
        catch (KafkaException error)
        {
            throw new BrokerUnavailableException($"{_servers}: creating topic '{spec.Name}': {error.Error}{Why}", error);
        }
    }

    /// <summary>Describes topics that must exist, waiting out the moment in which a broker does not know a new one yet.</summary>
    public async Task<Dictionary<string, TopologyTopic>> DescribeAllAsync(IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_timeout);
        while (true)
        {
            var found = await DescribeAsync(names).ConfigureAwait(false);
            if (found.Count == names.Count) return found;
            try
            {
                await Task.Delay(ReadyPollMs, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new BrokerUnavailableException($"topics still unknown after creation: {string.Join(", ", names.Where(name => !found.ContainsKey(name)))}");
            }
        }
    }

    /// <summary>One setting of topics, by topic.</summary>
    public async Task<Dictionary<string, string>> ConfigAsync(IEnumerable<string> names, string setting)
    {
        try
        {
            var results = await _admin.DescribeConfigsAsync(names.Select(name => new ConfigResource { Type = ResourceType.Topic, Name = name }),
                new DescribeConfigsOptions { RequestTimeout = _timeout }).ConfigureAwait(false);
            return results.ToDictionary(result => result.ConfigResource.Name, result => result.Entries[setting].Value);
        }
        catch (KafkaException error)
        {
            throw new BrokerUnavailableException($"{_servers}: describing topic settings: {error.Error}", error);
        }
    }

    public void Dispose() => _admin.Dispose();
}
