using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Host.Audit;

/// <summary>The dead letters of a shard by their source.</summary>
internal sealed class DeadLetterIndex
{
    private readonly Dictionary<(string Topic, long Offset), string> _reasons = [];
    private readonly HashSet<(string, long)> _seen = [];

    /// <summary>Reads a partition of <c>dead-letters</c>.</summary>
    public static async ValueTask<DeadLetterIndex> ReadAsync(IRecordSource source, TopicNames topics, int partition, AuditFindings findings, CancellationToken cancellation)
    {
        var index = new DeadLetterIndex();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var bounds = await source.BoundsAsync(topics.DeadLetters, partition, cancellation);
        await foreach (var record in source.ReadAsync(topics.DeadLetters, partition, 0, bounds.StableEnd, cancellation))
        {
            var place = $"{topics.DeadLetters}-{partition} at offset {record.Offset}";
            if (Parse(record.Value) is not { } letter)
            {
                findings.Phantom($"{place} cannot be read");
                continue;
            }

            if (!ids.Add(letter.DeadLetterId)) findings.Duplicated(1, $"dead letter {letter.DeadLetterId} again in {place}");
            else if (letter.Partition != partition) findings.Phantom($"dead letter {letter.DeadLetterId} in {place} speaks of partition {letter.Partition}");
            else index._reasons[(letter.Topic, letter.Offset)] = letter.Reason;
        }

        return index;
    }

    /// <summary>The reason of a position's dead letter, which then counts as met; null where it has none.</summary>
    public string? Take(string topic, long offset)
    {
        if (!_reasons.TryGetValue((topic, offset), out var reason)) return null;
        _seen.Add((topic, offset));
        return reason;
    }

    /// <summary>Dead letters of records that no batch consumed.</summary>
    public void CheckAllMet(AuditFindings findings, int partition)
    {
        foreach (var (topic, offset) in _reasons.Keys)
        {
            if (!_seen.Contains((topic, offset))) findings.Phantom($"a dead letter of {topic}-{partition} offset {offset}, where no batch consumed a record");
        }
    }

    private static DeadLetter? Parse(byte[]? value)
    {
        try
        {
            return value is null ? null : JsonSerializer.Deserialize(value, ContractsJson.Default.DeadLetter);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
