using System.Runtime.CompilerServices;

namespace Streaming.Core.Fold;

/// <summary>Vectors and interests of a profile: see <see cref="UserState"/>.</summary>
internal sealed class InterestState
{
    public float[]? Vectors;
    public PerHalfLife<long> LandmarkMs;
    public PerHalfLife<double> Mass;
    public Interest[] Interests = [];
    public int Count;
}

/// <summary>One value for each interest vector.</summary>
[InlineArray(FoldOptions.HalfLifeCount)]
internal struct PerHalfLife<T>
{
    private T _first;
}
