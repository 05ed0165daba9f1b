namespace Streaming.Contracts;

/// <summary>A record of <c>recommendations</c>; key = the id of the user or guest.</summary>
public sealed record Recommendation
{
    /// <summary>Deterministic: user, surface, source position.</summary>
    public required string RecommendationId { get; init; }
    /// <summary>Known user; absent for guests.</summary>
    public string? UserId { get; init; }
    /// <summary>Guest; absent for known users.</summary>
    public string? AnonymousId { get; init; }
    /// <summary>Where it is to be shown.</summary>
    public required string Surface { get; init; }
    /// <summary>Ranked items, best first, never empty.</summary>
    public required IReadOnlyList<RecommendedItem> Items { get; init; }
    /// <summary>Ranker that scored it; absent where none did.</summary>
    public string? ModelVersion { get; init; }
    /// <summary>Item-vector table in force (first 12 hex digits of its sha256); absent where there is none.</summary>
    public string? EmbeddingVersion { get; init; }
    /// <summary>Experiment arm.</summary>
    public string? Arm { get; init; }
    /// <summary>Probability with which the arm was drawn.</summary>
    public double? Propensity { get; init; }
    /// <summary>Partition of the source event.</summary>
    public required int SourcePartition { get; init; }
    /// <summary>Offset of the last event of the user that is in the profile behind this list.</summary>
    public required long SourceOffset { get; init; }
    /// <summary>Time of that event, ms since 1970.</summary>
    public required long OccurredAt { get; init; }
    /// <summary>When it was emitted, ms since 1970.</summary>
    public required long EmittedAt { get; init; }
    /// <summary>Why the list is poorer than it should be; absent where it is not.</summary>
    public string? Degraded { get; init; }
}

/// <summary>One place of a <see cref="Recommendation"/>.</summary>
/// <param name="ItemId">Item.</param>
/// <param name="Rank">From 1.</param>
/// <param name="Score">The ranker's score, or the fall-back's where <c>degraded</c>.</param>
/// <param name="Source">Candidate source, e.g. <c>session_neighbours</c>.</param>
/// <param name="Reason">Reason code, e.g. <c>because_viewed</c>.</param>
/// <param name="Because">Item of the user's own history that the reason speaks of.</param>
public sealed record RecommendedItem(string ItemId, int Rank, double Score, string Source, string Reason, string? Because);
