using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Kafka;

namespace Streaming.Faults.Workload;

/// <summary>The dead letters of an engine, as whoever reads committed records gets them.</summary>
internal static class DeadLetters
{
    private const int MostRecords = 5000;

    /// <summary>Reads them all.</summary>
    public static async Task<List<DeadLetter>> ReadAsync(KafkaOptions kafka, CancellationToken cancellation)
    {
        await using var reader = await KafkaTopicReader.OpenAsync(kafka, kafka.Topics.DeadLetters, [.. Enumerable.Range(0, kafka.Partitions)], null, NullLogger<KafkaTopicReader>.Instance, cancellation);
        List<DeadLetter> letters = [];
        await reader.ReadToAsync(null, (_, batch) =>
        {
            for (var i = 0; i < batch.Count; i++) letters.Add(JsonSerializer.Deserialize(batch.Value(batch.Records[i]), ContractsJson.Default.DeadLetter)!);
            return ValueTask.CompletedTask;
        }, MostRecords, cancellation);
        return letters;
    }
}
