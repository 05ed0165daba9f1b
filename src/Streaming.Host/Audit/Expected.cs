using Streaming.Contracts;

namespace Streaming.Host.Audit;

/// <summary>Outputs that the reference fold expects, by their deterministic ids; across partitions for what one shard sends another.</summary>
internal sealed class Expected
{
    /// <summary>Deltas by link id, with the partition of <c>links</c> they belong to.</summary>
    public Dictionary<string, (int Partition, LinkDelta Delta)> Links { get; } = new(StringComparer.Ordinal);

    /// <summary>Erase records for guests, by event id.</summary>
    public HashSet<string> GuestErases { get; } = new(StringComparer.Ordinal);

    /// <summary>Event ids of erase records seen.</summary>
    public HashSet<string> ErasesSeen { get; } = new(StringComparer.Ordinal);

    /// <summary>Checks what needs all partitions to be read.</summary>
    public void CheckErases(AuditFindings findings)
    {
        foreach (var id in GuestErases)
        {
            if (!ErasesSeen.Contains(id)) findings.Lost(1, $"the erase record {id} of a linked guest");
        }
    }
}
