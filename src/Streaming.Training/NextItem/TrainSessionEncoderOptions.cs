namespace Streaming.Training.NextItem;

/// <summary>What <c>train session-encoder</c> does.</summary>
public sealed record TrainSessionEncoderOptions
{
    /// <summary>Sessions, plain or .gz; <c>-</c> for standard input.</summary>
    public required string Input { get; init; }
    /// <summary>Form of it, that of the train file of <c>evaluate next-item</c>.</summary>
    public NextItemFormat Format { get; init; }
    /// <summary>Folder for <c>model.onnx</c>, <c>items.bin</c> and <c>manifest.json</c>.</summary>
    public required string OutputFolder { get; init; }
    /// <summary>True: the hybrid's ranker too, as <c>ranker.onnx</c>.</summary>
    public bool Ranker { get; init; }
    /// <summary>Name of the model.</summary>
    public string Name { get; init; } = "session-encoder";
    /// <summary>The command as typed, for the manifest.</summary>
    public string? Command { get; init; }
    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Settings of the encoder and of the slice held out.</summary>
    internal HybridSettings Hybrid { get; init; } = new();

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Input)) yield return $"{nameof(Input)} must name a file";
        if (string.IsNullOrWhiteSpace(OutputFolder)) yield return "Out must name a folder";
        if (string.IsNullOrWhiteSpace(Name)) yield return $"{nameof(Name)} is empty";
    }
}
