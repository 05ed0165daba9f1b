namespace Streaming.Training.Churn;

/// <summary>What <c>train churn</c> does.</summary>
public sealed record TrainChurnOptions
{
    /// <summary>The shop's purchases; its last day is the end of what is known.</summary>
    public required PurchaseHistory History { get; init; }
    /// <summary>Folder for <c>model.onnx</c> and <c>manifest.json</c>.</summary>
    public required string OutputFolder { get; init; }
    /// <summary>Name of the model.</summary>
    public string Name { get; init; } = "churn";
    /// <summary>The command as typed, for the manifest.</summary>
    public string? Command { get; init; }
    /// <summary>Seed, for the manifest: nothing here is random.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Horizons that it is rehearsed at, days, ascending; those that the history is too short for are left out and named in the metrics by their absence.</summary>
    public IReadOnlyList<int> Horizons { get; init; } = [30, 60, 90];
    /// <summary>How it is fitted.</summary>
    public ChurnModelOptions Model { get; init; } = new();

    /// <summary>Every error at once.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(OutputFolder)) yield return $"{nameof(OutputFolder)} is empty";
        if (string.IsNullOrWhiteSpace(Name)) yield return $"{nameof(Name)} is empty";
        if (Horizons.Count == 0 || Horizons.Any(h => h is < 7 or > 3650)) yield return $"{nameof(Horizons)} must be 7 to 3,650 days";
        foreach (var error in Model.Validate()) yield return $"{nameof(Model)}.{error}";
    }
}
