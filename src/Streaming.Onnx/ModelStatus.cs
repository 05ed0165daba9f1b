namespace Streaming.Onnx;

/// <summary>What an operator asks of the scorer: which model is in force, where it really runs, and why the last one offered was not taken.</summary>
public sealed record ModelStatus
{
    /// <summary>Provider that was asked for.</summary>
    public required ExecutionProvider Requested { get; init; }
    /// <summary>Provider that runs the whole graph; null while no model is in force. Never <see cref="ExecutionProvider.Auto"/>.</summary>
    public ExecutionProvider? Provider { get; init; }
    /// <summary>Name of the model in force.</summary>
    public string? Name { get; init; }
    /// <summary>Its version.</summary>
    public string? Version { get; init; }
    /// <summary>sha256 of its file.</summary>
    public string? Sha256 { get; init; }
    /// <summary>Threads inside one run.</summary>
    public int IntraOpThreads { get; init; }
    /// <summary>When it was loaded.</summary>
    public DateTimeOffset? LoadedAt { get; init; }
    /// <summary>Why auto did not take a GPU, if it tried one, or left it; null otherwise.</summary>
    public string? ProviderNote { get; init; }
    /// <summary>Why the last model offered was refused; null where the last one was taken.</summary>
    public string? LastRefusal { get; init; }
    /// <summary>When.</summary>
    public DateTimeOffset? LastRefusalAt { get; init; }
}
