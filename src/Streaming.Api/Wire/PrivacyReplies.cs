using System.Text.Json;

namespace Streaming.Api.Wire;

/// <summary>Receipt of an erasure.</summary>
public sealed record ErasureReceipt
{
    /// <summary>The request; also the eventId of the erase event.</summary>
    public required string RequestId { get; init; }
    /// <summary>Salted hash of the person, as in the audit log.</summary>
    public required string Subject { get; init; }
    /// <summary>When it was asked for, ms since 1970.</summary>
    public required long AcceptedAt { get; init; }
    /// <summary>Partition of events that holds the erase event.</summary>
    public required int Partition { get; init; }
    /// <summary>Its offset.</summary>
    public required long Offset { get; init; }
    /// <summary>Places that hold data, and when each is empty of the person.</summary>
    public required IReadOnlyList<PlaceTerm> Places { get; init; }
}

/// <summary>A place of docs/privacy.md and its deadline.</summary>
public sealed record PlaceTerm
{
    /// <summary>The place.</summary>
    public required string Place { get; init; }
    /// <summary>When, in words.</summary>
    public required string When { get; init; }
    /// <summary>When its retention ends, ms since 1970; the broker removes whole segments, some time after. Absent where an event and not the clock decides.</summary>
    public long? DueAt { get; init; }
}

/// <summary>A person's data, whole.</summary>
public sealed record ExportReply
{
    /// <summary>The request.</summary>
    public required string RequestId { get; init; }
    /// <summary>Salted hash of the person, as in the audit log.</summary>
    public required string Subject { get; init; }
    /// <summary>When it was made, ms since 1970.</summary>
    public required long MadeAt { get; init; }
    /// <summary>Places that hold data which ages out by itself and is not repeated here.</summary>
    public required IReadOnlyList<PlaceTerm> Places { get; init; }
    /// <summary>Everything that the engine keeps of the person.</summary>
    public required JsonElement Data { get; init; }
}
