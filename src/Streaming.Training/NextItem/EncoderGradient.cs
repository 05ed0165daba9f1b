namespace Streaming.Training.NextItem;

/// <summary>Gradient of one step. Few items have one; the others' rows stay zero and are not looked at.</summary>
internal sealed class EncoderGradient(EncoderWeights weights)
{
    private readonly float[] _items = new float[weights.Items.Length];
    private readonly bool[] _isTouched = new bool[weights.Items.Length / weights.Dimensions];
    private readonly List<int> _touched = [];

    /// <summary>By the other weights.</summary>
    public float[] Dense { get; } = new float[weights.Dense.Length];

    /// <summary>Items with a gradient.</summary>
    public IReadOnlyList<int> Touched => _touched;

    /// <summary>By an item's vector, to be added to.</summary>
    public Span<float> Item(int item)
    {
        if (!_isTouched[item])
        {
            _isTouched[item] = true;
            _touched.Add(item);
        }

        return _items.AsSpan(item * weights.Dimensions, weights.Dimensions);
    }

    /// <summary>Sets everything to zero.</summary>
    public void Clear()
    {
        foreach (var item in _touched)
        {
            _isTouched[item] = false;
            _items.AsSpan(item * weights.Dimensions, weights.Dimensions).Clear();
        }

        _touched.Clear();
        Array.Clear(Dense);
    }
}
