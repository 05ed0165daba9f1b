using Streaming.Training.Onnx;

namespace Streaming.Training.Trees;

/// <summary>Boosted trees in flat arrays: nodes of all trees one behind the other; a row goes left where its feature is at most the threshold. Scoring needs nothing but this.</summary>
internal sealed class BoostedTrees
{
    private readonly List<int> _roots = [];
    private int[] _features = new int[64];
    private float[] _values = new float[64];
    private int[] _lefts = new int[64];
    private int[] _rights = new int[64];

    /// <summary>Trees.</summary>
    public int Count => _roots.Count;

    /// <summary>Nodes and leaves of all trees.</summary>
    public int Nodes { get; private set; }

    /// <summary>Begins a tree; its root is the next node.</summary>
    public void BeginTree() => _roots.Add(Nodes);

    /// <summary>Adds a leaf.</summary>
    /// <param name="value">What it answers, learning rate included.</param>
    /// <returns>Its node.</returns>
    public int AddLeaf(float value)
    {
        if (Nodes == _features.Length)
        {
            Array.Resize(ref _features, Nodes * 2);
            Array.Resize(ref _values, Nodes * 2);
            Array.Resize(ref _lefts, Nodes * 2);
            Array.Resize(ref _rights, Nodes * 2);
        }

        (_features[Nodes], _values[Nodes]) = (-1, value);
        return Nodes++;
    }

    /// <summary>Changes what a leaf answers.</summary>
    public void SetLeaf(int leaf, float value) => _values[leaf] = value;

    /// <summary>Makes a leaf a node.</summary>
    public void Split(int leaf, int feature, float threshold, int left, int right) =>
        (_features[leaf], _values[leaf], _lefts[leaf], _rights[leaf]) = (feature, threshold, left, right);

    /// <summary>Drops the trees from one on.</summary>
    public void Truncate(int trees)
    {
        if (trees >= _roots.Count) return;
        Nodes = _roots[trees];
        _roots.RemoveRange(trees, _roots.Count - trees);
    }

    /// <summary>Sum of all trees' answers. A feature that is no number goes right.</summary>
    public float Score(ReadOnlySpan<float> row)
    {
        var sum = 0f;
        for (var tree = 0; tree < _roots.Count; tree++) sum += Score(tree, row);
        return sum;
    }

    /// <summary>One tree's answer.</summary>
    public float Score(int tree, ReadOnlySpan<float> row)
    {
        var node = _roots[tree];
        while (_features[node] >= 0) node = row[_features[node]] <= _values[node] ? _lefts[node] : _rights[node];
        return _values[node];
    }

    /// <summary>The same trees one by one, as a model file has them.</summary>
    /// <param name="start">What is added to the sum.</param>
    public TreeEnsemble ToEnsemble(float start) => new(start, [.. Enumerable.Range(0, Count).Select(Tree)]);

    private TreeEnsembleTree Tree(int tree)
    {
        var (root, end) = (_roots[tree], tree + 1 < Count ? _roots[tree + 1] : Nodes);
        var isLeaf = _features[root..end].Select(feature => feature < 0).ToArray();
        return new TreeEnsembleTree
        {
            Feature = _features[root..end],
            Threshold = [.. isLeaf.Select((leaf, n) => leaf ? 0 : _values[root + n])],
            Left = [.. isLeaf.Select((leaf, n) => leaf ? 0 : _lefts[root + n] - root)],
            Right = [.. isLeaf.Select((leaf, n) => leaf ? 0 : _rights[root + n] - root)],
            Value = [.. isLeaf.Select((leaf, n) => leaf ? _values[root + n] : 0)],
        };
    }
}
