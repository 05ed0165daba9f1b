using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>Waits for the first recommendation that another process can read, committed records only.</summary>
internal sealed class FirstOutput : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private readonly KafkaLogReader _reader;
    private readonly string _topic;
    private readonly long[] _from;

    private FirstOutput(KafkaLogReader reader, string topic, long[] from) => (_reader, _topic, _from) = (reader, topic, from);

    /// <summary>Connects, and notes where the topic ends now.</summary>
    public static async Task<FirstOutput> OpenAsync(KafkaOptions kafka, int partitions, CancellationToken cancellation)
    {
        var output = new FirstOutput(new KafkaLogReader(kafka, NullLogger<KafkaLogReader>.Instance), kafka.Topics.Recommendations, new long[partitions]);
        for (var p = 0; p < partitions; p++) output._from[p] = (await output._reader.BoundsAsync(output._topic, p, cancellation)).StableEnd;
        return output;
    }

    /// <summary>The first one, and the moment at which it was read.</summary>
    public async Task<(Recommendation Record, long At)> WaitAsync(CancellationToken cancellation)
    {
        while (true)
        {
            for (var p = 0; p < _from.Length; p++)
            {
                var end = (await _reader.BoundsAsync(_topic, p, cancellation)).StableEnd;
                if (end > _from[p] && await ReadAsync(p, end, cancellation) is { } value) return (JsonSerializer.Deserialize(value, ContractsJson.Default.Recommendation)!, Stopwatch.GetTimestamp());
            }

            await Task.Delay(Look, cancellation);
        }
    }

    /// <summary>True where the log explains it: a list of items of the catalogue, for a user whom the gap touches, from an event of the gap.</summary>
    public static bool IsExplained(Recommendation record, RestartLog log, IReadOnlyList<long> gapFrom, IReadOnlyList<long> ends, int items) =>
        record.Items.Count > 0
        && record.Items.All(item => Number(item.ItemId, 'i') is { } number && number < items)
        && record.SourceOffset >= gapFrom[record.SourcePartition] && record.SourceOffset < ends[record.SourcePartition]
        && record.UserId is { } user && Number(user, 'u') is { } who && log.IsTouched(who);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    // Markers of transactions are no records.
    private async Task<byte[]?> ReadAsync(int partition, long end, CancellationToken cancellation)
    {
        await foreach (var batch in _reader.ReadAsync(_topic, partition, _from[partition], end, 1, cancellation))
        {
            if (batch.Count > 0) return batch.Value(batch.Records[0]).ToArray();
        }

        _from[partition] = end;
        return null;
    }

    private static int? Number(string id, char letter) => id.Length > 1 && id[0] == letter && int.TryParse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
