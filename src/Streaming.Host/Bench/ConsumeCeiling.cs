using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>The ceiling of <c>bench fold</c> and a floor of <c>bench restart</c>: the same topic read by the engine's own reader, batch by batch, and nothing done with it.</summary>
internal sealed class ConsumeCeiling(KafkaOptions kafka, int partitions)
{
    private const int MaxBatchRecords = 20_000;

    /// <summary>Records a second, from the first record read to the end of every partition as it stood at the beginning.</summary>
    public async Task<double> MeasureAsync(CancellationToken cancellation)
    {
        var (records, firstRead) = await ReadAsync(new long[partitions], cancellation);
        return records / Stopwatch.GetElapsedTime(firstRead).TotalSeconds;
    }

    /// <summary>Seconds from the reader's making until it has read every partition from an offset to its end.</summary>
    public async Task<double> SecondsAsync(IReadOnlyList<long> from, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await ReadAsync(from, cancellation);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<(long Records, long FirstRead)> ReadAsync(IReadOnlyList<long> from, CancellationToken cancellation)
    {
        await using var reader = new KafkaLogReader(kafka, NullLogger<KafkaLogReader>.Instance);
        var ends = new long[partitions];
        for (var p = 0; p < partitions; p++) ends[p] = (await reader.BoundsAsync(kafka.Topics.Events, p, cancellation)).StableEnd;
        var firstRead = 0L;
        var counts = await Task.WhenAll(Enumerable.Range(0, partitions).Select(p => Task.Run(async () =>
        {
            var count = 0L;
            await foreach (var batch in reader.ReadAsync(kafka.Topics.Events, p, from[p], ends[p], MaxBatchRecords, cancellation))
            {
                Interlocked.CompareExchange(ref firstRead, Stopwatch.GetTimestamp(), 0);
                count += batch.Count;
            }

            return count;
        }, cancellation)));
        return (counts.Sum(), firstRead);
    }
}
