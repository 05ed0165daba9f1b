namespace Streaming.Training.Policy;

/// <summary>Settings of <c>evaluate policy</c>.</summary>
public sealed record PolicyOptions
{
    /// <summary>Rows that the logging policy showed, with what became of them; plain or .gz, <c>-</c> for standard input.</summary>
    public required string Log { get; init; }
    /// <summary>Rows that the policy to be valued showed; <c>-</c> for standard input.</summary>
    public required string Target { get; init; }
    /// <summary>Features of every item; <c>-</c> for standard input.</summary>
    public required string Items { get; init; }
    /// <summary>Folds of the log by which the reward model is crossed. 2 to 20.</summary>
    public int Folds { get; init; } = 5;
    /// <summary>Seed of the folds.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrEmpty(Log)) yield return $"{nameof(Log)} must name a file";
        if (string.IsNullOrEmpty(Target)) yield return $"{nameof(Target)} must name a file";
        if (string.IsNullOrEmpty(Items)) yield return $"{nameof(Items)} must name a file";
        if (new[] { Log, Target, Items }.Count(f => f == "-") > 1) yield return $"{nameof(Log)}, target and items: standard input (-) can be one of them only";
        if (Folds is < 2 or > 20) yield return $"{nameof(Folds)} must be 2 to 20, not {Folds}";
    }
}
