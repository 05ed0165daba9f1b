using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Host.Audit;

/// <summary>Reading and checking of <c>links</c>.</summary>
internal static class LinkRecords
{
    /// <summary>A delta, or null where the record is none.</summary>
    public static LinkDelta? Read(LogRecord record)
    {
        try
        {
            return record.Value is null ? null : JsonSerializer.Deserialize(record.Value, ContractsJson.Default.LinkDelta);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Holds a partition of <c>links</c> against the deltas that the guests' events make.</summary>
    /// <returns>Ids met; what is expected and not among them is missing.</returns>
    public static async ValueTask CheckAsync(IRecordSource source, string topic, int partition, Expected expected, HashSet<string> met, AuditFindings findings, CancellationToken cancellation)
    {
        var bounds = await source.BoundsAsync(topic, partition, cancellation);
        await foreach (var record in source.ReadAsync(topic, partition, 0, bounds.StableEnd, cancellation))
        {
            var place = $"{topic}-{partition} at offset {record.Offset}";
            if (Read(record) is not { } delta) continue;
            if (!expected.Links.TryGetValue(delta.LinkId, out var want)) findings.Phantom($"delta {delta.LinkId} in {place}: no event sends it");
            else if (!met.Add(delta.LinkId)) findings.Duplicated(1, $"delta {delta.LinkId} again in {place}");
            else if (want.Partition != partition) findings.Phantom($"delta {delta.LinkId} in {place} belongs to partition {want.Partition}");
            else if (!IsSame(delta, want.Delta)) findings.Mismatch($"delta {delta.LinkId} in {place} is not what the guest's events make: {Show(delta)} instead of {Show(want.Delta)}");
        }
    }

    private static string Show(LinkDelta delta) => JsonSerializer.Serialize(delta, ContractsJson.Default.LinkDelta);

    // A record of an earlier version does not say when the link was made.
    private static bool IsSame(LinkDelta left, LinkDelta right) =>
        left.UserId == right.UserId && left.AnonymousId == right.AnonymousId && left.Generation == right.Generation && (left.LinkedAtMs is null || left.LinkedAtMs == right.LinkedAtMs) && left.Actions.SequenceEqual(right.Actions) &&
        left.Counts.Count == right.Counts.Count && left.Counts.All(pair => right.Counts.TryGetValue(pair.Key, out var count) && count == pair.Value);
}
