namespace Streaming.Training.Ranker;

/// <summary>One moment of one user: the candidates the engine had, and which of them the user then acted on.</summary>
public sealed class RankerGroup
{
    /// <summary>Time of the moment, ms since 1970.</summary>
    public required long AtMs { get; init; }
    /// <summary>Row-major features, shape [<see cref="Rows"/>, F].</summary>
    public required float[] Features { get; init; }
    /// <summary>What acting on each candidate is worth; 0: the user did not. Shape [<see cref="Rows"/>].</summary>
    public required float[] Gains { get; init; }
    /// <summary>The fall-back blend's score of each candidate.</summary>
    public required float[] Blend { get; init; }
    /// <summary>Distinct items the user acted on, those that no source brought included.</summary>
    public required int Targets { get; init; }
    /// <summary>How many rows each kept row without gain stands for: 1 where none was left out.</summary>
    public float NegativeWeight { get; init; } = 1;
    /// <summary>Candidates.</summary>
    public int Rows => Gains.Length;
    /// <summary>True where a candidate has a gain: only such a group teaches.</summary>
    public bool HasGain => Gains.AsSpan().IndexOfAnyExcept(0f) >= 0;
}
