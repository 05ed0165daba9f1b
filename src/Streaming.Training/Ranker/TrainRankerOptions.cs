using Streaming.Training.History;

namespace Streaming.Training.Ranker;

/// <summary>What <c>train ranker</c> does.</summary>
public sealed record TrainRankerOptions
{
    /// <summary>The shop's history.</summary>
    public required TrainingHistory History { get; init; }
    /// <summary>Folder for <c>model.onnx</c> and <c>manifest.json</c>.</summary>
    public required string OutputFolder { get; init; }
    /// <summary>Name of the model.</summary>
    public string Name { get; init; } = "ranker";
    /// <summary>The command as typed, for the manifest.</summary>
    public string? Command { get; init; }
    /// <summary>Seed of every random choice; replaces those of the parts.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Settings the model will serve under.</summary>
    public HistoryReplayOptions Replay { get; init; } = new();
    /// <summary>Which moments are examples.</summary>
    public RankerDatasetOptions Dataset { get; init; } = new();
    /// <summary>How it is fitted.</summary>
    public RankerTrainerOptions Trainer { get; init; } = new();

    /// <summary>Every error at once.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(OutputFolder)) yield return $"{nameof(OutputFolder)} is empty";
        if (string.IsNullOrWhiteSpace(Name)) yield return $"{nameof(Name)} is empty";
        foreach (var error in Replay.Validate().Concat(Dataset.Validate()).Concat(Trainer.Validate())) yield return error;
    }
}
