using System.Text.Json.Serialization;

namespace Streaming.Api.Wire;

/// <summary>A list: the fields of topic recommendations, without its source position.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record RecommendationReply
{
    /// <summary>Id of the list; send it back as recommendationId of what comes of it.</summary>
    public required string RecommendationId { get; init; }
    /// <summary>Known user.</summary>
    public string? UserId { get; init; }
    /// <summary>Guest.</summary>
    public string? AnonymousId { get; init; }
    /// <summary>Where it is to be shown.</summary>
    public required string Surface { get; init; }
    /// <summary>Items, best first.</summary>
    public required IReadOnlyList<RecommendedEntry> Items { get; init; }
    /// <summary>Ranker that scored it.</summary>
    public string? ModelVersion { get; init; }
    /// <summary>Item-vector table in force.</summary>
    public string? EmbeddingVersion { get; init; }
    /// <summary>Experiment arm.</summary>
    public string? Arm { get; init; }
    /// <summary>Probability with which the arm was drawn.</summary>
    public double? Propensity { get; init; }
    /// <summary>Offset below which every event of the user is in the list.</summary>
    public long? AppliedEvents { get; init; }
    /// <summary>Time of the user's last event, ms since 1970.</summary>
    public long? OccurredAt { get; init; }
    /// <summary>When the list was made, ms since 1970.</summary>
    public long? EmittedAt { get; init; }
    /// <summary>Why the list is poorer than it should be; absent where it is not.</summary>
    public string? Degraded { get; init; }
    /// <summary>Token of the next page; absent on the last.</summary>
    public string? NextPageToken { get; init; }
}

/// <summary>One place of a list.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record RecommendedEntry
{
    /// <summary>Item.</summary>
    public required string ItemId { get; init; }
    /// <summary>From 1.</summary>
    public required int Rank { get; init; }
    /// <summary>The ranker's score, or the fall-back's where degraded.</summary>
    public required double Score { get; init; }
    /// <summary>Candidate source, e.g. session_neighbours.</summary>
    public string? Source { get; init; }
    /// <summary>Reason code, e.g. because_viewed.</summary>
    public string? Reason { get; init; }
    /// <summary>Item of the user's own history that the reason speaks of.</summary>
    public string? Because { get; init; }
}

/// <summary>Answers to several questions, in their order.</summary>
public sealed record BatchReply
{
    /// <summary>One a question.</summary>
    public required IReadOnlyList<BatchResult> Results { get; init; }
}

/// <summary>Answer to one question of several: a list, or what is wrong.</summary>
public sealed record BatchResult
{
    /// <summary>HTTP status that the question would have had alone.</summary>
    public required int Status { get; init; }
    /// <summary>The list, with status 200.</summary>
    public RecommendationReply? List { get; init; }
    /// <summary>What is wrong, with any other.</summary>
    public Problem? Problem { get; init; }
}
