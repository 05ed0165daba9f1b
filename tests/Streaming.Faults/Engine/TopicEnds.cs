using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Faults.Engine;

/// <summary>Where the partitions of a case's topics end, as the broker says: for who reads everything, and for who reads what is settled.</summary>
/// <param name="bootstrap">The broker.</param>
/// <param name="prefix">Put before the topics' names.</param>
internal sealed class TopicEnds(string bootstrap, string prefix)
{
    private const int Attempts = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromSeconds(2);

    /// <summary>End and last stable offset of every partition of every topic.</summary>
    public Task<List<PartitionEnd>> ReadAsync(CancellationToken cancellation) => ReadAsync(topic => topic.StartsWith(prefix, StringComparison.Ordinal), cancellation);

    /// <summary>The same of some topics.</summary>
    public async Task<List<PartitionEnd>> ReadAsync(Func<string, bool> which, CancellationToken cancellation)
    {
        // Leaders may be on the move still when a case has healed.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AskAsync(which, cancellation);
            }
            catch (KafkaException) when (attempt < Attempts)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private async Task<List<PartitionEnd>> AskAsync(Func<string, bool> which, CancellationToken cancellation)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).SetLogHandler((_, _) => { }).Build();
        var topics = await Task.Run(() => admin.GetMetadata(Limit).Topics, cancellation);
        var partitions = topics.Where(t => which(t.Topic)).SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p.PartitionId))).ToList();
        if (partitions.Count == 0) throw new InvalidOperationException("the broker knows none of the topics");
        // The stable ends last: on a log that is at rest the two are equal, and a transaction that ends between the two questions is none that hangs.
        var ends = await AskAsync(admin, partitions, IsolationLevel.ReadUncommitted);
        var stable = await AskAsync(admin, partitions, IsolationLevel.ReadCommitted);
        return [.. ends.Select(e => new PartitionEnd(e.Key.Topic, e.Key.Partition.Value, e.Value, stable[e.Key])).OrderBy(e => e.Topic, StringComparer.Ordinal).ThenBy(e => e.Partition)];
    }

    private static async Task<Dictionary<TopicPartition, long>> AskAsync(IAdminClient admin, IEnumerable<TopicPartition> partitions, IsolationLevel isolation)
    {
        var asked = partitions.Select(p => new TopicPartitionOffsetSpec { TopicPartition = p, OffsetSpec = OffsetSpec.Latest() });
        var answer = await admin.ListOffsetsAsync(asked, new ListOffsetsOptions { IsolationLevel = isolation, RequestTimeout = Limit });
        return answer.ResultInfos.ToDictionary(r => r.TopicPartitionOffsetError.TopicPartition, r => r.TopicPartitionOffsetError.Offset.Value);
    }
}
