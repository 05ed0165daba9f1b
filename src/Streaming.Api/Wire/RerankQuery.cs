namespace Streaming.Api.Wire;

/// <summary>Asks for the order of a list that a search found. Exactly one of userId and anonymousId.</summary>
public sealed record RerankQuery
{
    /// <summary>Known user.</summary>
    public string? UserId { get; init; }
    /// <summary>Guest.</summary>
    public string? AnonymousId { get; init; }
    /// <summary>Where the list is to be shown; absent: the default surface.</summary>
    public string? Surface { get; init; }
    /// <summary>The search's words.</summary>
    public string? Query { get; init; }
    /// <summary>Items found, best first, each once.</summary>
    public IReadOnlyList<string?>? Items { get; init; }
    /// <summary>Most items of the answer; absent: all.</summary>
    public int? Count { get; init; }
    /// <summary>Hard limit in ms after which the answer is 504; absent: the greatest.</summary>
    public int? TimeLimitMs { get; init; }
}

/// <summary>The items in the order that suits the person.</summary>
public sealed record RerankReply
{
    /// <summary>Items of the request, best first.</summary>
    public required IReadOnlyList<RecommendedEntry> Items { get; init; }
    /// <summary>Ranker that scored them.</summary>
    public string? ModelVersion { get; init; }
    /// <summary>Why the order is poorer than it should be; absent where it is not.</summary>
    public string? Degraded { get; init; }
}
