using Streaming.Core.Shard;

namespace Streaming.Host.Inspect;

/// <summary>A profile as /users answers it and <c>inspect user</c> prints it.</summary>
internal sealed record ProfileDocument
{
    /// <summary>Profile key, with prefix.</summary>
    public required string Key { get; init; }
    /// <summary>Partition that owns it.</summary>
    public int? Partition { get; init; }
    /// <summary>Events applied.</summary>
    public long EventCount { get; init; }
    /// <summary>Events by type.</summary>
    public IReadOnlyDictionary<string, uint> Counts { get; init; } = new Dictionary<string, uint>();
    /// <summary>First event, ms since 1970.</summary>
    public long FirstEventMs { get; init; }
    /// <summary>Last event, ms since 1970.</summary>
    public long LastEventMs { get; init; }
    /// <summary>Lengths of the short, medium and long interest vector.</summary>
    public IReadOnlyList<double> VectorNorms { get; init; } = [];
    /// <summary>Separate interests.</summary>
    public IReadOnlyList<ProfileInterest> Interests { get; init; } = [];
    /// <summary>Latest actions, newest first.</summary>
    public IReadOnlyList<ProfileAction> Latest { get; init; } = [];
    /// <summary>Events in the open session; 0: none is open.</summary>
    public int SessionEvents { get; init; }
    /// <summary>Purchase occasions.</summary>
    public int Occasions { get; init; }
    /// <summary>Money spent, in the user's first currency.</summary>
    public decimal Amount { get; init; }
    /// <summary>Mean gap between occasions, days.</summary>
    public double? MeanGapDays { get; init; }
    /// <summary>P(no purchase within the horizon).</summary>
    public double? ChurnRisk { get; init; }
    /// <summary>Consent in force.</summary>
    public string Consent { get; init; } = "";
    /// <summary>Known user of a guest.</summary>
    public string? LinkedTo { get; init; }
    /// <summary>Guests of a known user.</summary>
    public IReadOnlyList<string> Guests { get; init; } = [];
    /// <summary>Events offset below which everything of the user is in the profile.</summary>
    public long AppliedEvents { get; init; }
    /// <summary>True where the row could not be read and this is not the whole profile.</summary>
    public bool Degraded { get; init; }

    /// <summary>From a shard's view.</summary>
    public static ProfileDocument Of(UserView view, int partition) => new()
    {
        Key = view.Key,
        Partition = partition,
        EventCount = view.EventCount,
        Counts = view.Counts,
        FirstEventMs = view.FirstEventMs,
        LastEventMs = view.LastEventMs,
        VectorNorms = view.VectorNorms,
        Interests = [.. view.Interests.Select(i => new ProfileInterest(i.Weight, i.LastMs))],
        Latest = [.. view.Latest.Select(a => new ProfileAction(a.ItemId, a.Type, a.AtMs))],
        SessionEvents = view.SessionEvents,
        Occasions = view.Occasions,
        Amount = view.Amount,
        MeanGapDays = view.MeanGapDays,
        ChurnRisk = view.ChurnRisk,
        Consent = view.Consent,
        LinkedTo = view.LinkedTo,
        Guests = view.Guests,
        AppliedEvents = view.AppliedEvents,
        Degraded = view.Degraded,
    };
}

/// <summary>One of a user's separate interests.</summary>
/// <param name="Weight">Weight as of the last action.</param>
/// <param name="LastMs">Last action that joined it, ms since 1970.</param>
internal sealed record ProfileInterest(double Weight, long LastMs);

/// <summary>One action.</summary>
/// <param name="ItemId">Item.</param>
/// <param name="Type">Wire name of the type.</param>
/// <param name="AtMs">When, ms since 1970.</param>
internal sealed record ProfileAction(string ItemId, string Type, long AtMs);
