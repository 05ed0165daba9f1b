using Streaming.Contracts;

namespace Streaming.Host.Audit;

/// <summary>Outputs that the reference fold expects, by their deterministic ids; across partitions for what one shard sends another.</summary>
internal sealed class Expected
{
    /// <summary>Deltas by link id, with the partition of <c>links</c> they belong to.</summary>
    public Dictionary<string, (int Partition, LinkDelta Delta)> Links { get; } = new(StringComparer.Ordinal);

    /// <summary>How many erase records for guests there are of an event id: one, and one more for each delta of that guest which comes after the erasure and was linked before it.</summary>
    public Dictionary<string, long> GuestErases { get; } = new(StringComparer.Ordinal);

    /// <summary>How often the erase record of an event id was seen.</summary>
    public Dictionary<string, long> ErasesSeen { get; } = new(StringComparer.Ordinal);

    /// <summary>Checks what needs all partitions to be read, and counts the engine's own records among the events.</summary>
    public void CheckErases(AuditFindings findings)
    {
        foreach (var (id, expected) in GuestErases)
        {
            var seen = ErasesSeen.GetValueOrDefault(id);
            findings.OwnErases += seen;
            if (seen < expected) findings.Lost(expected - seen, $"the erase record {id} of a linked guest{(seen > 0 ? $": {seen} of {expected} are there" : "")}");
            if (seen > expected) findings.Duplicated(seen - expected, $"the erase record {id} of a linked guest is there {seen} times instead of {expected}");
        }
    }
}
