using System.Text.Json.Serialization;

namespace Streaming.Api.Wire;

/// <summary>What became of the events of a request.</summary>
public sealed record EventsReply
{
    /// <summary>Events that the broker has.</summary>
    public required int Accepted { get; init; }
    /// <summary>Events that would become dead letters, and were not written.</summary>
    public required int Refused { get; init; }
    /// <summary>Events of which the broker did not say that it has them; send them again.</summary>
    public required int Failed { get; init; }
    /// <summary>One an event, in the order of the request.</summary>
    public required IReadOnlyList<EventResult> Events { get; init; }
}

/// <summary>What became of one event.</summary>
public sealed record EventResult
{
    /// <summary>Its place in the request, from 0.</summary>
    public required int Index { get; init; }
    /// <summary>What became of it.</summary>
    public required EventState State { get; init; }
    /// <summary>Its id, in canonical form; absent where it was refused.</summary>
    public string? EventId { get; init; }
    /// <summary>Partition of events.</summary>
    public int? Partition { get; init; }
    /// <summary>Offset in it.</summary>
    public long? Offset { get; init; }
    /// <summary>Why it was refused: a reason of docs/dead-letters.md, missing_event_id, erase_not_here, or guests_only.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of an event.</summary>
public enum EventState
{
    /// <summary>The broker has it.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,
    /// <summary>It would become a dead letter.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
    /// <summary>Not known to be written.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
