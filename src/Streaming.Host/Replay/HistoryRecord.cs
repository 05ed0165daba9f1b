using Streaming.Contracts;

namespace Streaming.Host.Replay;

/// <summary>One row of a shop's history: what someone did, as far as the file says it. Nothing is guessed; what is missing is null.</summary>
public sealed record HistoryRecord
{
    /// <summary>Number of the row among the file's data rows, from 1; rejected rows have one too. For <c>sessions</c> the number of the item among all items of the file.</summary>
    public required long RowNumber { get; init; }
    /// <summary>Line of the file on which the row begins, from 1.</summary>
    public required long LineNumber { get; init; }
    /// <summary>What was done; <see cref="EventType.Unknown"/> only for <c>events</c> lines of a type this program does not know.</summary>
    public required EventType Type { get; init; }
    /// <summary>When, ms since 1970; 0 only for <c>events</c> lines whose time cannot be read (they are passed through, and the engine judges them).</summary>
    public required long TimeMs { get; init; }
    /// <summary>Known user.</summary>
    public string? UserId { get; init; }
    /// <summary>Guest.</summary>
    public string? AnonymousId { get; init; }
    /// <summary>Session or invoice.</summary>
    public string? SessionId { get; init; }
    /// <summary>Item.</summary>
    public string? ItemId { get; init; }
    /// <summary>Units; positive for refunds, too.</summary>
    public long? Quantity { get; init; }
    /// <summary>Price of one unit.</summary>
    public decimal? UnitPrice { get; init; }
    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }
    /// <summary>The item's category.</summary>
    public string? Category { get; init; }
    /// <summary>The item's title.</summary>
    public string? Title { get; init; }
    /// <summary>Stars, 1 to 5.</summary>
    public double? Rating { get; init; }
    /// <summary>The line itself, for <c>events</c>; it is sent as it stands.</summary>
    public byte[]? Raw { get; init; }

    /// <summary>Key of the Kafka record: the user, else the guest, else the session; for <c>identify</c> the guest. Null where there is none of them.</summary>
    public string? Key => Type == EventType.Identify ? AnonymousId ?? UserId : UserId ?? AnonymousId ?? SessionId;
}
