using Streaming.Contracts;
using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>Fold settings in force (docs/fold.md §7).</summary>
/// <param name="Options">The numbers.</param>
/// <param name="ConsentDefault">Consent of profiles that start.</param>
/// <param name="Version">How many settings facts came, this one among them.</param>
internal sealed record RefSettings(FoldOptions Options, ConsentFlags ConsentDefault, int Version = 0)
{
    /// <summary>Before the first settings fact.</summary>
    public static readonly RefSettings Start = new(new FoldOptions(), ConsentFlags.None);

    /// <summary>Half-life of interest vector k, ms.</summary>
    public long HalfLifeMs(int k) => Ms(k switch { 0 => Options.ShortHalfLife, 1 => Options.MediumHalfLife, _ => Options.LongHalfLife });

    /// <summary>Weight of an action (§4).</summary>
    public float Weight(EventType type, int starsTimesTen)
    {
        if (!Options.Weights.TryGetValue(type.WireName(), out var weight)) return 0;
        if (type is not (EventType.Rating or EventType.Review)) return weight;
        return starsTimesTen == 0 ? 0 : weight * ((starsTimesTen - 30) / 20f);
    }

    /// <summary>A duration in whole ms.</summary>
    public static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;
}
