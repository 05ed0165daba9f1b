namespace Streaming.Training.Churn;

/// <summary>Settings of <c>evaluate churn</c>.</summary>
public sealed record ChurnEvaluationOptions
{
    /// <summary>File of purchases; plain or .gz, <c>-</c> for standard input.</summary>
    public required string Transactions { get; init; }
    /// <summary>Its form.</summary>
    public required PurchaseFormat Format { get; init; }
    /// <summary>Last day that is known to the model.</summary>
    public required DateOnly Cut { get; init; }
    /// <summary>Length of the window after it, days. 1 to 3,650.</summary>
    public required int HorizonDays { get; init; }
    /// <summary>True: the risks at which an alert would go out are tabled too.</summary>
    public bool Alerts { get; init; }
    /// <summary>Seed of the draws and of the ceiling's folds.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Draws of the bootstrap and of the noise of the calibration error. 100 to 100,000.</summary>
    public int Draws { get; init; } = 1000;
    /// <summary>How the model is fitted.</summary>
    public ChurnModelOptions Model { get; init; } = new();

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrEmpty(Transactions)) yield return $"{nameof(Transactions)} must name a file";
        if (HorizonDays is < 1 or > 3650) yield return $"{nameof(HorizonDays)} must be 1 to 3,650, not {HorizonDays}";
        if (Draws is < 100 or > 100_000) yield return $"{nameof(Draws)} must be 100 to 100,000, not {Draws}";
        foreach (var error in Model.Validate()) yield return $"{nameof(Model)}.{error}";
    }
}
