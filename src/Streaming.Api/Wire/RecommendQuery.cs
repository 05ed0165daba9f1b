namespace Streaming.Api.Wire;

/// <summary>Asks for a list. Exactly one of userId and anonymousId.</summary>
public sealed record RecommendQuery
{
    /// <summary>Known user.</summary>
    public string? UserId { get; init; }
    /// <summary>Guest.</summary>
    public string? AnonymousId { get; init; }
    /// <summary>Where the list is to be shown; absent: the default surface.</summary>
    public string? Surface { get; init; }
    /// <summary>Most items; absent: the default.</summary>
    public int? Count { get; init; }
    /// <summary>Items the visitor looks at now, newest last.</summary>
    public IReadOnlyList<string?>? ContextItems { get; init; }
    /// <summary>Items that must not be in the list.</summary>
    public IReadOnlyList<string?>? Exclude { get; init; }
    /// <summary>Only items of this category.</summary>
    public string? Category { get; init; }
    /// <summary>nextPageToken of the answer before.</summary>
    public string? PageToken { get; init; }
    /// <summary>Hard limit in ms after which the answer is 504; absent: the greatest.</summary>
    public int? TimeLimitMs { get; init; }
}

/// <summary>Asks for several lists at once.</summary>
public sealed record RecommendBatch
{
    /// <summary>The questions; each is answered by itself.</summary>
    public IReadOnlyList<RecommendQuery?>? Queries { get; init; }
}
