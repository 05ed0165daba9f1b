namespace Streaming.Training.Uplift;

/// <summary>Settings of <c>evaluate uplift</c>.</summary>
public sealed record UpliftOptions
{
    /// <summary>The trial that models are fitted on; plain or .gz, <c>-</c> for standard input.</summary>
    public required string Fit { get; init; }
    /// <summary>A trial that is scored; null: rows of <see cref="Fit"/> are scored out of fold.</summary>
    public string? Test { get; init; }
    /// <summary>Folds. 3 to 20.</summary>
    public int Folds { get; init; } = 5;
    /// <summary>An arm, a column, or COLUMN=ARM.</summary>
    public required string Treatment { get; init; }
    /// <summary>Column of the outcome.</summary>
    public required string Outcome { get; init; }
    /// <summary>The arm that was left alone; null: the only other one, or the one whose name says so.</summary>
    public string? Control { get; init; }
    /// <summary>Columns that are no features.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
    /// <summary>Seed of every draw.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Permutations of the treatment. 200 to 100,000.</summary>
    public int Permutations { get; init; } = 300;
    /// <summary>Draws of the bootstrap. 100 to 100,000.</summary>
    public int Draws { get; init; } = 500;
    /// <summary>Trials with one effect for all that are simulated after this one, to count false alarms; 0: none.</summary>
    public int Simulations { get; init; }

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrEmpty(Fit)) yield return $"{nameof(Fit)} must name a file";
        if (string.IsNullOrEmpty(Treatment)) yield return $"{nameof(Treatment)} must name an arm or a column";
        if (string.IsNullOrEmpty(Outcome)) yield return $"{nameof(Outcome)} must name a column";
        if (Folds is < 3 or > 20) yield return $"{nameof(Folds)} must be 3 to 20, not {Folds}";
        if (Permutations is < 200 or > 100_000) yield return $"{nameof(Permutations)} must be 200 to 100,000, not {Permutations}";
        if (Draws is < 100 or > 100_000) yield return $"{nameof(Draws)} must be 100 to 100,000, not {Draws}";
        if (Simulations is < 0 or > 10_000) yield return $"{nameof(Simulations)} must be 0 to 10,000, not {Simulations}";
    }
}
