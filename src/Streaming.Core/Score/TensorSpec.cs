namespace Streaming.Core.Score;

/// <summary>One input or output of a model.</summary>
/// <param name="Name">Name in the graph.</param>
/// <param name="Type">Element type; <c>float32</c> is the only one the engine feeds.</param>
/// <param name="Shape">Sizes by axis; -1 is the number of rows.</param>
public sealed record TensorSpec(string Name, string Type, IReadOnlyList<long> Shape)
{
    /// <summary>Element type of every tensor that the engine feeds or reads.</summary>
    public const string Float32 = "float32";

    /// <summary>For messages: <c>features float32 [-1, 33]</c>.</summary>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";
}
