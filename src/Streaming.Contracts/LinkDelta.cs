namespace Streaming.Contracts;

/// <summary>A record of the internal topic <c>links</c>: what a guest did, for the known user's shard. Key = userId. Never vectors: the user's shard derives them.</summary>
public sealed record LinkDelta
{
    /// <summary>Deterministic: guest partition, offset of the event that sent it.</summary>
    public required string LinkId { get; init; }
    /// <summary>Known user.</summary>
    public required string UserId { get; init; }
    /// <summary>Guest.</summary>
    public required string AnonymousId { get; init; }
    /// <summary>The guest's link generation.</summary>
    public required int Generation { get; init; }
    /// <summary>When the link came to be in the log, ms since 1970: a user who was erased later does not take the delta in. Absent in records of earlier versions.</summary>
    public long? LinkedAtMs { get; init; }
    /// <summary>Events by wire name of their type.</summary>
    public required IReadOnlyDictionary<string, uint> Counts { get; init; }
    /// <summary>Item actions in order of time.</summary>
    public required IReadOnlyList<LinkAction> Actions { get; init; }
}

/// <summary>One action of a <see cref="LinkDelta"/>.</summary>
/// <param name="ItemId">Item.</param>
/// <param name="Type">Wire name of the type.</param>
/// <param name="AtMs">Event time, ms since 1970.</param>
/// <param name="Rating">Stars × 10, or 0.</param>
/// <param name="Quantity">Units.</param>
/// <param name="UnitPriceE4">Price in 1/10,000, or -1.</param>
/// <param name="Currency">Packed currency, or 0.</param>
public sealed record LinkAction(string ItemId, string Type, long AtMs, byte Rating, int Quantity, long UnitPriceE4, int Currency);
