namespace Streaming.Contracts;

/// <summary>A record of <c>churn-alerts</c>; key = the user's id; once an episode.</summary>
public sealed record ChurnAlert
{
    /// <summary>Deterministic: user, kind, position that opened the episode.</summary>
    public required string AlertId { get; init; }
    /// <summary>Known user; absent for guests.</summary>
    public string? UserId { get; init; }
    /// <summary>Guest; absent for known users.</summary>
    public string? AnonymousId { get; init; }
    /// <summary>P(no purchase within the horizon).</summary>
    public required double Risk { get; init; }
    /// <summary>Risk right after the last purchase.</summary>
    public required double Previous { get; init; }
    /// <summary>Horizon, days.</summary>
    public required int HorizonDays { get; init; }
    /// <summary>Mean amount of a purchase occasion × (1 − risk), in the shop's currency.</summary>
    public required double ExpectedValue { get; init; }
    /// <summary>Reason codes with values, strongest first.</summary>
    public required IReadOnlyList<AlertReason> Reasons { get; init; }
    /// <summary>Suggested action.</summary>
    public required string SuggestedAction { get; init; }
    /// <summary>Offset of the purchase that opened the episode.</summary>
    public required long Episode { get; init; }
    /// <summary>True: treat; false: hold-out, never treat.</summary>
    public required bool Treatment { get; init; }
    /// <summary>Model that spoke.</summary>
    public required string ModelVersion { get; init; }
    /// <summary>Partition of the episode.</summary>
    public required int SourcePartition { get; init; }
    /// <summary>Stream time at which the risk crossed, ms since 1970.</summary>
    public required long OccurredAt { get; init; }
    /// <summary>When it was emitted, ms since 1970.</summary>
    public required long EmittedAt { get; init; }
}

/// <summary>Why a user is at risk.</summary>
/// <param name="Code">E.g. <c>gap_ratio</c>.</param>
/// <param name="Value">E.g. 3.1 times the usual gap.</param>
public sealed record AlertReason(string Code, double Value);
