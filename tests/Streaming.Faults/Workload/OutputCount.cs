using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Kafka;

namespace Streaming.Faults.Workload;

/// <summary>How many records an output topic holds for a shop that reads committed ones.</summary>
internal static class OutputCount
{
    private const int MostRecords = 5000;

    /// <summary>Counts them.</summary>
    public static async Task<long> ReadAsync(KafkaOptions kafka, string topic, CancellationToken cancellation)
    {
        await using var reader = await KafkaTopicReader.OpenAsync(kafka, topic, [.. Enumerable.Range(0, kafka.Partitions)], null, NullLogger<KafkaTopicReader>.Instance, cancellation);
        var count = 0L;
        await reader.ReadToAsync(null, (_, batch) =>
        {
            count += batch.Count;
            return ValueTask.CompletedTask;
        }, MostRecords, cancellation);
        return count;
    }
}
