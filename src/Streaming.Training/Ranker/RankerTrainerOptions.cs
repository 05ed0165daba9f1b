namespace Streaming.Training.Ranker;

/// <summary>How the ranker is fitted.</summary>
public sealed record RankerTrainerOptions
{
    /// <summary>Widths of the hidden layers, each 1 to 1,024.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 32];
    /// <summary>Most passes over the examples. 1 to 1,000.</summary>
    public int Epochs { get; init; } = 12;
    /// <summary>Passes without a gain on the validation slice after which fitting ends. 1 to 1,000.</summary>
    public int Patience { get; init; } = 3;
    /// <summary>Moments of one step. 1 to 100,000.</summary>
    public int BatchGroups { get; init; } = 32;
    /// <summary>Learning rate at the start; it falls to a tenth along a cosine. Above 0, to 1.</summary>
    public double LearningRate { get; init; } = 2e-3;
    /// <summary>Weight decay. 0 to 1.</summary>
    public double WeightDecay { get; init; } = 1e-3;
    /// <summary>Share of the examples, the latest, that decides when to end. 0.01 to 0.5.</summary>
    public double ValidationShare { get; init; } = 0.1;
    /// <summary>Seed of weights and order.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Every error at once, each with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (Hidden.Any(w => w is < 1 or > 1_024)) yield return $"{nameof(Hidden)} must each be 1 to 1,024";
        if (Epochs is < 1 or > 1_000) yield return $"{nameof(Epochs)} must be 1 to 1,000, not {Epochs}";
        if (Patience is < 1 or > 1_000) yield return $"{nameof(Patience)} must be 1 to 1,000, not {Patience}";
        if (BatchGroups is < 1 or > 100_000) yield return $"{nameof(BatchGroups)} must be 1 to 100,000, not {BatchGroups}";
        if (LearningRate is not (> 0 and <= 1)) yield return $"{nameof(LearningRate)} must be above 0, to 1, not {LearningRate}";
        if (WeightDecay is not (>= 0 and <= 1)) yield return $"{nameof(WeightDecay)} must be 0 to 1, not {WeightDecay}";
        if (ValidationShare is not (>= 0.01 and <= 0.5)) yield return $"{nameof(ValidationShare)} must be 0.01 to 0.5, not {ValidationShare}";
    }
}
