using Streaming.Contracts;

namespace Streaming.Core.Fold;

/// <summary>One version of the fold's settings, compiled: durations in ms, weights by type. See <see cref="FoldOptions"/> for meanings.</summary>
public sealed class FoldSettings
{
    private readonly float[] _weights = new float[EventTypes.Count];

    /// <summary>Compiles options.</summary>
    public FoldSettings(FoldOptions options, ConsentFlags consentDefault)
    {
        Options = options;
        ConsentDefault = consentDefault;
        HalfLivesMs = [Ms(options.ShortHalfLife), Ms(options.MediumHalfLife), Ms(options.LongHalfLife)];
        InterestHalfLifeMs = Ms(options.InterestHalfLife);
        RepeatHalfLifeMs = Ms(options.RepeatHalfLife);
        SessionGapMs = Ms(options.SessionGap);
        OccasionGapMs = Ms(options.OccasionGap);
        FutureAllowanceMs = Ms(options.FutureAllowance);
        foreach (var (name, weight) in options.Weights) _weights[(int)EventTypes.Parse(name)] = weight;
        _weights[0] = 0;
    }

    /// <summary>What was compiled.</summary>
    public FoldOptions Options { get; }
    /// <summary>Consent of a profile that starts.</summary>
    public ConsentFlags ConsentDefault { get; }
    /// <summary>Half-lives of the interest vectors, ms.</summary>
    public long[] HalfLivesMs { get; }
    /// <summary>Half-life of an interest, ms.</summary>
    public long InterestHalfLifeMs { get; }
    /// <summary>Half-life of repeats, ms.</summary>
    public long RepeatHalfLifeMs { get; }
    /// <summary>Silence that ends a session, ms.</summary>
    public long SessionGapMs { get; }
    /// <summary>Gap between purchase occasions, ms.</summary>
    public long OccasionGapMs { get; }
    /// <summary>How far an event time may lie beyond the append time, ms.</summary>
    public long FutureAllowanceMs { get; }

    /// <summary>The settings as the value of a <c>settings</c> fact.</summary>
    public string Text => field ??= FoldSettingsJson.Write(Options, ConsentDefault);

    /// <summary>Weight of an action (docs/fold.md §4).</summary>
    public float Weight(EventType type, byte ratingE1)
    {
        var weight = _weights[(int)type];
        if (type is not (EventType.Rating or EventType.Review)) return weight;
        return ratingE1 == 0 ? 0 : weight * ((ratingE1 - 30) / 20f);
    }

    private static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;
}
