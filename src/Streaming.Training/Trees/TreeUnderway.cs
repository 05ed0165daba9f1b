using Streaming.Training.Onnx;

namespace Streaming.Training.Trees;

/// <summary>A tree that still grows.</summary>
internal sealed class TreeUnderway
{
    private readonly List<int> _feature = [], _left = [], _right = [];
    private readonly List<float> _threshold = [];

    /// <summary>Answers by node.</summary>
    public List<float> Value { get; } = [];

    /// <summary>Adds a leaf.</summary>
    /// <returns>Its node.</returns>
    public int Add()
    {
        _feature.Add(-1);
        _threshold.Add(0);
        _left.Add(0);
        _right.Add(0);
        Value.Add(0);
        return _feature.Count - 1;
    }

    /// <summary>Makes a leaf an inner node with two leaves.</summary>
    public (int Left, int Right) Part(int node, int feature, float threshold)
    {
        (_feature[node], _threshold[node]) = (feature, threshold);
        (_left[node], _right[node]) = (Add(), Add());
        return (_left[node], _right[node]);
    }

    /// <summary>The tree.</summary>
    public TreeEnsembleTree ToTree() => new() { Feature = [.. _feature], Threshold = [.. _threshold], Left = [.. _left], Right = [.. _right], Value = [.. Value] };
}
