using Streaming.Training.History;

namespace Streaming.Training.Embeddings;

/// <summary>What <c>train embeddings</c> does.</summary>
public sealed record TrainEmbeddingsOptions
{
    /// <summary>The shop's history.</summary>
    public required TrainingHistory History { get; init; }
    /// <summary>Folder for <c>items.bin</c> and <c>manifest.json</c>.</summary>
    public required string OutputFolder { get; init; }
    /// <summary>Name of the table.</summary>
    public string Name { get; init; } = "items";
    /// <summary>The command as typed, for the manifest.</summary>
    public string? Command { get; init; }
    /// <summary>Seed.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Silence that ends a session.</summary>
    public TimeSpan SessionGap { get; init; } = TimeSpan.FromMinutes(30);
    /// <summary>Share of the sessions, the latest, that is held out for measuring. 0.01 to 0.5.</summary>
    public double HoldoutShare { get; init; } = 0.1;
    /// <summary>How vectors are trained.</summary>
    public EmbeddingTrainerOptions Trainer { get; init; } = new();

    /// <summary>Every error at once.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(OutputFolder)) yield return $"{nameof(OutputFolder)} is empty";
        if (string.IsNullOrWhiteSpace(Name)) yield return $"{nameof(Name)} is empty";
        if (SessionGap < TimeSpan.FromSeconds(1) || SessionGap > TimeSpan.FromDays(30)) yield return $"{nameof(SessionGap)} must be 1 s to 30 days, not {SessionGap}";
        if (HoldoutShare is not (>= 0.01 and <= 0.5)) yield return $"{nameof(HoldoutShare)} must be 0.01 to 0.5, not {HoldoutShare}";
        foreach (var error in Trainer.Validate()) yield return error;
    }
}
