namespace Streaming.Contracts;

/// <summary>A record of the internal topic <c>sessions</c>: one closed session, the only source of the item index. It names no user: <see cref="UserHash"/> only caps how much one user can move the index.</summary>
public sealed record ClosedSession
{
    /// <summary>Deterministic: partition, offset of the event that opened it.</summary>
    public required string SessionId { get; init; }
    /// <summary>Hash of the profile key.</summary>
    public required ulong UserHash { get; init; }
    /// <summary>First event, ms since 1970.</summary>
    public required long StartMs { get; init; }
    /// <summary>Last event, ms since 1970.</summary>
    public required long EndMs { get; init; }
    /// <summary>Item actions in order.</summary>
    public required IReadOnlyList<SessionAction> Actions { get; init; }
}

/// <summary>One action of a <see cref="ClosedSession"/>.</summary>
/// <param name="ItemId">Item.</param>
/// <param name="Type">Wire name of the type.</param>
/// <param name="AtMs">Event time, ms since 1970.</param>
public sealed record SessionAction(string ItemId, string Type, long AtMs);
