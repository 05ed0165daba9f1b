namespace Streaming.Training.Policy;

/// <summary>Clicks a row, with a 95 % interval.</summary>
public sealed record PolicyEstimate
{
    /// <summary>Clicks a row.</summary>
    public required double Estimate { get; init; }
    /// <summary>Lower end of the 95 % interval.</summary>
    public required double Low { get; init; }
    /// <summary>Upper end of the 95 % interval.</summary>
    public required double High { get; init; }
    /// <summary>Standard error.</summary>
    public required double Se { get; init; }
    /// <summary>Whether the interval holds the target's own click rate; null where that is not known.</summary>
    public bool? Covers { get; init; }
}
