namespace Streaming.Api.Wire;

/// <summary>An error (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>Stable name of the kind: urn:streaming:problem:…</summary>
    public required string Type { get; init; }
    /// <summary>The kind in words.</summary>
    public required string Title { get; init; }
    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }
    /// <summary>What is wrong with this request.</summary>
    public string? Detail { get; init; }
    /// <summary>The field, header or parameter that is wrong.</summary>
    public string? Field { get; init; }
    /// <summary>The request, for whoever reads the log.</summary>
    public string? RequestId { get; init; }
    /// <summary>What became of each event, where not all were written.</summary>
    public EventsReply? Events { get; init; }
}
