namespace Streaming.Training.NextItem;

/// <summary>Weights of a session encoder: item vectors, and all others in one array.</summary>
internal sealed class EncoderWeights
{
    /// <summary>Weights at random.</summary>
    public EncoderWeights(int itemCount, EncoderSettings settings, SeededRandom random)
    {
        var d = Dimensions = settings.Dimensions;
        PrefixItems = settings.PrefixItems;
        Items = new float[itemCount * d];
        Dense = new float[(4 * d * d) + (2 * d) + (PrefixItems * d)];
        Fill(Items, 0.1f, random);
        Fill(Dense.AsSpan(0, (4 * d * d) + (2 * d)), 0.5f / MathF.Sqrt(d), random);
        Fill(Dense.AsSpan((4 * d * d) + (2 * d)), 0.02f, random);
    }

    /// <summary>d.</summary>
    public int Dimensions { get; }

    /// <summary>Clicks read.</summary>
    public int PrefixItems { get; }

    /// <summary>A vector an item.</summary>
    public float[] Items { get; }

    /// <summary>The others: attention's query, key, read-out, bias, mixing and places.</summary>
    public float[] Dense { get; }

    /// <summary>d × d: from the last click into attention.</summary>
    public Span<float> Query(float[] dense) => dense.AsSpan(0, Dimensions * Dimensions);

    /// <summary>d × d: from each click into attention.</summary>
    public Span<float> Key(float[] dense) => dense.AsSpan(Dimensions * Dimensions, Dimensions * Dimensions);

    /// <summary>2d × d: from the last click and the attended ones to the session's vector.</summary>
    public Span<float> Mixing(float[] dense) => dense.AsSpan(2 * Dimensions * Dimensions, 2 * Dimensions * Dimensions);

    /// <summary>d: attention's bias.</summary>
    public Span<float> Bias(float[] dense) => dense.AsSpan(4 * Dimensions * Dimensions, Dimensions);

    /// <summary>d: attention's read-out.</summary>
    public Span<float> ReadOut(float[] dense) => dense.AsSpan((4 * Dimensions * Dimensions) + Dimensions, Dimensions);

    /// <summary>d: the vector of a place, 0 for the last click.</summary>
    public Span<float> Place(float[] dense, int place) => dense.AsSpan((4 * Dimensions * Dimensions) + (2 * Dimensions) + (place * Dimensions), Dimensions);

    /// <summary>Vector of an item.</summary>
    public Span<float> Item(int item) => Items.AsSpan(item * Dimensions, Dimensions);

    /// <summary>Writes the direction of an item's vector: it scores by that alone.</summary>
    public void WriteUnit(int item, Span<float> unit)
    {
        var vector = Item(item);
        unit.Clear();
        Simd.Add(1 / MathF.Max(1e-6f, MathF.Sqrt(Simd.Dot(vector, vector))), vector, unit);
    }

    private static void Fill(Span<float> weights, float spread, SeededRandom random)
    {
        foreach (ref var weight in weights) weight = ((float)random.Uniform() - 0.5f) * 2 * spread;
    }
}
