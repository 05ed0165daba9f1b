using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>The ceiling of <c>bench fold</c>: the same topic read by the engine's own reader, batch by batch, and nothing done with it.</summary>
internal sealed class ConsumeCeiling(KafkaOptions kafka, int partitions)
{
    private const int MaxBatchRecords = 20_000;

    /// <summary>Records a second, from the first record read to the end of every partition as it stood at the beginning.</summary>
    public async Task<double> MeasureAsync(CancellationToken cancellation)
    {
        await using var reader = new KafkaLogReader(kafka, NullLogger<KafkaLogReader>.Instance);
        var ends = new long[partitions];
        for (var p = 0; p < partitions; p++) ends[p] = (await reader.BoundsAsync(kafka.Topics.Events, p, cancellation)).StableEnd;
        var firstRead = 0L;
        var counts = await Task.WhenAll(Enumerable.Range(0, partitions).Select(p => Task.Run(async () =>
        {
            var count = 0L;
            await foreach (var batch in reader.ReadAsync(kafka.Topics.Events, p, 0, ends[p], MaxBatchRecords, cancellation))
            {
                Interlocked.CompareExchange(ref firstRead, Stopwatch.GetTimestamp(), 0);
                count += batch.Count;
            }

            return count;
        }, cancellation)));
        return counts.Sum() / Stopwatch.GetElapsedTime(firstRead).TotalSeconds;
    }
}
