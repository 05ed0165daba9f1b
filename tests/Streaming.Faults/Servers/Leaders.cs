using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Faults.Servers;

/// <summary>Asks a Kafka cluster which broker leads what.</summary>
internal sealed class Leaders(string bootstrap) : IDisposable
{
    private const string TransactionState = "__transaction_state";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    // As the product's clients, and with them the feeder's and the readers' here: by itself a client asks anew each five minutes for topics that a broker which had just started did not know.
    private readonly IAdminClient _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap, SocketTimeoutMs = 10_000, TopicMetadataRefreshIntervalMs = 10_000 }).SetLogHandler((_, _) => { }).Build();

    /// <summary>The broker that leads most partitions of a topic; the lowest number where several do.</summary>
    public async Task<int> OfTopicAsync(string topic) => Most((await PartitionsAsync(topic)).Select(p => p.Leader!.Id));

    /// <summary>The broker that coordinates most of the transactional ids.</summary>
    public async Task<int> OfTransactionsAsync(IEnumerable<string> transactionalIds)
    {
        var partitions = await PartitionsAsync(TransactionState);
        return Most(transactionalIds.Select(id => partitions.Single(p => p.Partition == (JavaHash(id) & int.MaxValue) % partitions.Count).Leader!.Id));
    }

    /// <summary>Waits until every partition of a topic has a leader and all its replicas in sync.</summary>
    public async Task<bool> AreInSyncAsync(string topic, TimeSpan limit, CancellationToken cancellation)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < limit)
        {
            var partitions = await PartitionsAsync(topic);
            if (partitions.TrueForAll(p => p.ISR.Count == p.Replicas.Count)) return true;
            await Task.Delay(500, cancellation);
        }

        return false;
    }

    public void Dispose() => _admin.Dispose();

    private async Task<List<TopicPartitionInfo>> PartitionsAsync(string topic)
    {
        var answer = await _admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = Timeout });
        return answer.TopicDescriptions.Single().Partitions;
    }

    private static int Most(IEnumerable<int> brokers) => brokers.GroupBy(b => b).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key;

    // String.hashCode: how the broker spreads transactional ids.
    private static int JavaHash(string text) => text.Aggregate(0, (hash, c) => unchecked((31 * hash) + c));
}
