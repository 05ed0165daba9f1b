namespace Streaming.Training.Sentiment;

/// <summary>Settings of <c>evaluate sentiment</c>.</summary>
public sealed record SentimentOptions
{
    /// <summary>Reviews that are learned from; plain or .gz, <c>-</c> for standard input.</summary>
    public required string Fit { get; init; }
    /// <summary>Reviews that are scored; null: each fold of <see cref="Fit"/> is scored by a model of the others.</summary>
    public string? Test { get; init; }
    /// <summary>Form of both.</summary>
    public required ReviewFormat Format { get; init; }
    /// <summary>Folds, of the evaluation without a test file and of the choices inside what is learned from. 3 to 20.</summary>
    public int Folds { get; init; } = 5;
    /// <summary>File that the model of all of <see cref="Fit"/> is written to; null: none.</summary>
    public string? Out { get; init; }
    /// <summary>Seed of folds, orders and draws.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Draws of the bootstrap. 100 to 100,000.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrEmpty(Fit)) yield return $"{nameof(Fit)} must name a file";
        // Only whether it is there: nothing of it is read before the model stands.
        if (Test is { } test && test != "-" && !File.Exists(test)) yield return $"{nameof(Test)} {test} does not exist";
        if (Test == "-" && Fit == "-") yield return $"{nameof(Test)} and --fit cannot both be standard input";
        if (Folds is < 3 or > 20) yield return $"{nameof(Folds)} must be 3 to 20, not {Folds}";
        if (Draws is < 100 or > 100_000) yield return $"{nameof(Draws)} must be 100 to 100,000, not {Draws}";
    }
}
