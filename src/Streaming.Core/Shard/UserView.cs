namespace Streaming.Core.Shard;

/// <summary>A copy of one user's profile for people and pages: text, not item numbers.</summary>
public sealed record UserView
{
    /// <summary>Profile key, with prefix.</summary>
    public required string Key { get; init; }
    /// <summary>Events applied.</summary>
    public required long EventCount { get; init; }
    /// <summary>Events by wire name of their type, zeros left out.</summary>
    public required IReadOnlyDictionary<string, uint> Counts { get; init; }
    /// <summary>First and last event, ms since 1970.</summary>
    public required long FirstEventMs { get; init; }
    /// <summary>See <see cref="FirstEventMs"/>.</summary>
    public required long LastEventMs { get; init; }
    /// <summary>Length of each interest vector as of the last event.</summary>
    public required IReadOnlyList<double> VectorNorms { get; init; }
    /// <summary>Separate interests: weight and time of the last action.</summary>
    public required IReadOnlyList<(double Weight, long LastMs)> Interests { get; init; }
    /// <summary>Latest actions, newest first: item id, wire name of the type, time.</summary>
    public required IReadOnlyList<(string ItemId, string Type, long AtMs)> Latest { get; init; }
    /// <summary>Events in the open session; 0: none.</summary>
    public required int SessionEvents { get; init; }
    /// <summary>Purchase occasions.</summary>
    public required int Occasions { get; init; }
    /// <summary>Money spent, in the user's first currency.</summary>
    public required decimal Amount { get; init; }
    /// <summary>Mean gap between occasions, days; null with fewer than two.</summary>
    public required double? MeanGapDays { get; init; }
    /// <summary>P(no purchase within the horizon) as of stream time; null where the definition does not fit (never bought, erased).</summary>
    public required double? ChurnRisk { get; init; }
    /// <summary>Consent in force.</summary>
    public required string Consent { get; init; }
    /// <summary>Known user of a guest.</summary>
    public required string? LinkedTo { get; init; }
    /// <summary>Guests of a known user.</summary>
    public required IReadOnlyList<string> Guests { get; init; }
    /// <summary>Events offset below which everything of the user is in this profile.</summary>
    public required long AppliedEvents { get; init; }
    /// <summary>True where the row could not be read and this is not the whole profile.</summary>
    public required bool Degraded { get; init; }
}
