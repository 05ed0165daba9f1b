using Streaming.Core.Fold;

namespace Streaming.Core.Items;

/// <summary>
/// Query vectors of one search, as they are and in sixteen-bit codes of thirteen bits: fine enough that their error is small beside that of the rows' bytes, and few enough that no sum of products
/// overflows up to D = 4,096.
/// </summary>
internal sealed class QueryCodes
{
    /// <summary>Most query vectors of one search.</summary>
    public const int Max = 16;
    private const int Levels = 4095;
    /// <summary>Cosine from which two query vectors count as one direction.</summary>
    private const float SameDirection = 0.999999f;
    /// <summary>Longest that codes can make a direction, whose length is 1: 1 + √4,096 / 2 / 127.</summary>
    private const float LongestCoded = 1.26f;
    private readonly float[] _weights = new float[Max];
    private float[] _vectors = [];
    private short[] _codes = [];
    private readonly float[] _steps = new float[Max];
    private int _dimensions;

    /// <summary>Queries held.</summary>
    public int Count { get; private set; }

    /// <summary>Vectors of length weight, one after another.</summary>
    public ReadOnlySpan<float> Vectors => _vectors.AsSpan(0, Count * _dimensions);

    /// <summary>Codes, <see cref="VectorCodes.Stride"/> a query. See <see cref="Encode"/>.</summary>
    public ReadOnlySpan<short> Codes => _codes;

    /// <summary>What the codes of each query are multiplied by.</summary>
    public ReadOnlySpan<float> Steps => _steps;

    /// <summary>Greatest weight.</summary>
    public float MaxWeight { get; private set; }

    /// <summary>Most that a product with a coded direction is off because the queries are coded.</summary>
    public float Error { get; private set; }

    /// <summary>Forgets all.</summary>
    public void Clear() => (Count, MaxWeight) = (0, 0);

    /// <summary>Adds a query (see <see cref="NearestItems.AddQuery"/>).</summary>
    public void Add(ReadOnlySpan<float> vector, float weight)
    {
        var norm = MathF.Sqrt(FixedOrder.Dot(vector, vector));
        if (!(norm > 0) || !float.IsFinite(norm) || !(weight > 0) || Count == Max) return;
        _dimensions = vector.Length;
        if (_vectors.Length < Max * vector.Length) _vectors = new float[Max * vector.Length];
        for (var q = 0; q < Count; q++)
        {
            var along = FixedOrder.Dot(_vectors.AsSpan(q * vector.Length, vector.Length), vector) / norm;
            if (_weights[q] >= weight && along >= SameDirection * _weights[q]) return;
        }

        _weights[Count] = weight;
        MaxWeight = MathF.Max(MaxWeight, weight);
        var place = _vectors.AsSpan(Count++ * vector.Length, vector.Length);
        for (var i = 0; i < place.Length; i++) place[i] = vector[i] / norm * weight;
    }

    /// <summary>Works out the codes.</summary>
    /// <param name="stride">Codes of a query, at least D; the rest is zero.</param>
    public void Encode(int stride)
    {
        if (_codes.Length < Max * stride) _codes = new short[Max * stride];
        Error = 0;
        for (var q = 0; q < Count; q++)
        {
            var vector = _vectors.AsSpan(q * _dimensions, _dimensions);
            var greatest = 0f;
            foreach (var x in vector) greatest = MathF.Max(greatest, MathF.Abs(x));
            var codes = _codes.AsSpan(q * stride, stride);
            codes.Clear();
            var scale = Levels / greatest;
            for (var i = 0; i < vector.Length; i++) codes[i] = (short)MathF.Round(vector[i] * scale);
            _steps[q] = greatest / Levels;
            Error = MathF.Max(Error, _steps[q] * MathF.Sqrt(_dimensions) / 2 * LongestCoded);
        }
    }
}
