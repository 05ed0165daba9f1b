namespace Streaming.Training.Onnx;

/// <summary>One tree, its nodes in arrays; node 0 is the root, and children come after their parent. A row goes left where its feature is at most the threshold.</summary>
public sealed class TreeEnsembleTree
{
    /// <summary>Feature that a node looks at; -1 for a leaf.</summary>
    public required int[] Feature { get; init; }
    /// <summary>Threshold of an inner node.</summary>
    public required float[] Threshold { get; init; }
    /// <summary>Node on the left (at most the threshold).</summary>
    public required int[] Left { get; init; }
    /// <summary>Node on the right.</summary>
    public required int[] Right { get; init; }
    /// <summary>Answer of a leaf.</summary>
    public required float[] Value { get; init; }

    /// <summary>The answer for one row; no number goes right.</summary>
    public float Evaluate(ReadOnlySpan<float> row)
    {
        var node = 0;
        while (Feature[node] >= 0) node = row[Feature[node]] <= Threshold[node] ? Left[node] : Right[node];
        return Value[node];
    }
}
