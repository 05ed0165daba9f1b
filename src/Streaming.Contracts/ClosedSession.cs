namespace Streaming.Contracts;

/// <summary>A record of the internal topic <c>sessions</c>: one closed session, or that a user was erased; the only source of the item index. It names no user: <see cref="UserHash"/> caps how much one user can move the index, and says whose sessions are to be forgotten.</summary>
public sealed record ClosedSession
{
    /// <summary>Deterministic: partition, and offset of the event that opened it or of the erasure.</summary>
    public required string SessionId { get; init; }
    /// <summary>Hash of the profile key.</summary>
    public required ulong UserHash { get; init; }
    /// <summary>First event, ms since 1970.</summary>
    public required long StartMs { get; init; }
    /// <summary>Last event, ms since 1970.</summary>
    public required long EndMs { get; init; }
    /// <summary>Item actions in order.</summary>
    public required IReadOnlyList<SessionAction> Actions { get; init; }
    /// <summary>True where this is no session, but the erasure of the user: every session of the hash that came before is to be forgotten. There are no actions then.</summary>
    public bool? Erased { get; init; }
}

/// <summary>One action of a <see cref="ClosedSession"/>.</summary>
/// <param name="ItemId">Item.</param>
/// <param name="Type">Wire name of the type.</param>
/// <param name="AtMs">Event time, ms since 1970.</param>
public sealed record SessionAction(string ItemId, string Type, long AtMs);
