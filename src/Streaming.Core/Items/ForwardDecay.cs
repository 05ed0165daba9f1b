using Streaming.Core.Fold;

namespace Streaming.Core.Items;

/// <summary>
/// Exponential decay in forward form (Cormode et al., 2009): what happens at time t is added with weight 2^((t − landmark) / half-life), so that the order of
/// arrival does not matter and nothing is rewritten as time passes. Sums are compared as they are; their value as of a time is sum × <see cref="At"/>.
/// </summary>
public struct ForwardDecay(TimeSpan halfLife)
{
    /// <summary>Half-lives above the landmark at which sums are re-based: 2^60 is far inside a float.</summary>
    private const double MaxExponent = 60;
    /// <summary>Landmarks lie on a grid of this many half-lives, so that the first event's time does not show in the sums.</summary>
    private const long Grid = 16;

    private readonly long _halfLifeMs = Math.Max(1, (long)halfLife.TotalMilliseconds);

    /// <summary>Landmark, ms; meaningless before <see cref="IsSet"/>.</summary>
    public long LandmarkMs { get; private set; }

    /// <summary>True once an event was counted.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Half-life, ms.</summary>
    public readonly long HalfLifeMs => _halfLifeMs;

    /// <summary>Moves the landmark where an event's time needs it.</summary>
    /// <returns>The power of two by which every sum must be multiplied first; 1 where nothing moved.</returns>
    public float Reach(long atMs)
    {
        var landmark = FloorTo(atMs, Grid * _halfLifeMs);
        if (!IsSet)
        {
            IsSet = true;
            LandmarkMs = landmark;
            return 1;
        }

        if (Exponent(atMs) <= MaxExponent) return 1;
        var halfLives = (landmark - LandmarkMs) / _halfLifeMs;
        LandmarkMs = landmark;
        return halfLives > 150 ? 0f : MathF.ScaleB(1f, -(int)halfLives);
    }

    /// <summary>Weight of something that happens at a time; <see cref="Reach"/> comes first.</summary>
    public readonly float Weight(long atMs) => (float)Exp2.Of(Math.Max(-149, Exponent(atMs)));

    /// <summary>What a sum is multiplied by to read it as of a time.</summary>
    public readonly float At(long nowMs) => IsSet ? (float)Exp2.Of(Math.Clamp(-Exponent(nowMs), -149, MaxExponent)) : 0;

    /// <summary>Puts a stored landmark back.</summary>
    public void Restore(bool isSet, long landmarkMs)
    {
        IsSet = isSet;
        LandmarkMs = landmarkMs;
    }

    private readonly double Exponent(long atMs) => ((double)atMs - LandmarkMs) / _halfLifeMs;

    private static long FloorTo(long value, long step) => value - (((value % step) + step) % step);
}
