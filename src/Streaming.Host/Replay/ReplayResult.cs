namespace Streaming.Host.Replay;

/// <summary>What a replay did.</summary>
public sealed record ReplayResult
{
    /// <summary>Events written and acknowledged.</summary>
    public required long Events { get; init; }
    /// <summary>Rows that could not be parsed.</summary>
    public required long Rejected { get; init; }
    /// <summary>Duration.</summary>
    public required double Seconds { get; init; }
    /// <summary>Catalogue items written.</summary>
    public required long CatalogItems { get; init; }
    /// <summary>The first rejected rows.</summary>
    public required IReadOnlyList<RejectedRow> Rejections { get; init; }
    /// <summary>Id of the <c>historical</c> request written to every partition of <c>control</c>.</summary>
    public required string RequestId { get; init; }
    /// <summary>True where a running engine acknowledged the request on every partition.</summary>
    public required bool Acknowledged { get; init; }
}
