namespace Streaming.Core.Score;

/// <summary>The contract of a model folder, beside its file: <c>manifest.json</c>. A file that does not match it is refused.</summary>
public sealed record ModelManifest
{
    /// <summary>Name of the manifest's file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Newest manifest format that this code reads and the one it writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Kind of the ranker.</summary>
    public const string RankerKind = "ranker";

    /// <summary>Kind of a table of item vectors.</summary>
    public const string EmbeddingsKind = "embeddings";

    /// <summary>Format of this record.</summary>
    public int Format { get; init; } = CurrentFormat;
    /// <summary>What the model is for: <c>ranker</c>, <c>embeddings</c> …</summary>
    public required string Kind { get; init; }
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }
    /// <summary>Version, unique among models of the name; goes out with each recommendation.</summary>
    public required string Version { get; init; }
    /// <summary>The model's file in the folder.</summary>
    public string File { get; init; } = "model.onnx";
    /// <summary>sha256 of the file, lower-case hex.</summary>
    public required string Sha256 { get; init; }
    /// <summary>Further files that the model reads (external tensor data), by name within the folder: sha256.</summary>
    public IReadOnlyDictionary<string, string>? Files { get; init; }
    /// <summary>Inputs.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; init; } = [];
    /// <summary>Outputs.</summary>
    public IReadOnlyList<TensorSpec> Outputs { get; init; } = [];
    /// <summary>Features in column order; ranker only.</summary>
    public IReadOnlyList<string>? Features { get; init; }
    /// <summary><see cref="RankerFeatures.Hash"/> of the list it was trained with; ranker only.</summary>
    public string? FeatureHash { get; init; }
    /// <summary>sha256 of the item-vector table the features were computed with, or a word for a rule (<c>hashed-64</c>).</summary>
    public string? EmbeddingVersion { get; init; }
    /// <summary>Figures measured at training, on data later than what it was fitted on.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
    /// <summary>First event of the training data, ms since 1970.</summary>
    public long? DataFromMs { get; init; }
    /// <summary>Last event of the training data, ms since 1970.</summary>
    public long? DataToMs { get; init; }
    /// <summary>Seed of every random choice.</summary>
    public int? Seed { get; init; }
    /// <summary>The command that made it.</summary>
    public string? CreatedBy { get; init; }
}
