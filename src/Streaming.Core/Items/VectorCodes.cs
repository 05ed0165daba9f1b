using System.Runtime.Intrinsics.X86;
using Streaming.Core.Fold;

namespace Streaming.Core.Items;

/// <summary>
/// Directions of vectors in signed bytes, a quarter of what a scan must read: direction ≈ code × step, with step = greatest component / 127, so that no component is off by more than half a step and the
/// whole direction by no more than step × √D / 2 (<see cref="ErrorPerStep"/>). A bound that is known lets a scan by bytes leave out only what cannot be among the best.
/// </summary>
public sealed class VectorCodes
{
    private const int Levels = 127, Lanes = 16, FirstRows = 16;
    private readonly int _dimensions;
    private sbyte[] _codes = [];
    private float[] _steps = [];
    private float[] _inverseNorms = [];

    /// <param name="dimensions">D.</param>
    /// <param name="rows">Rows to make room for.</param>
    public VectorCodes(int dimensions, int rows = 0)
    {
        _dimensions = dimensions;
        Stride = IsFast ? (dimensions + Lanes - 1) / Lanes * Lanes : 0;
        ErrorPerStep = MathF.Sqrt(dimensions) / 2 * 1.001f; // what rounding makes of a half included
        if (rows > 0) Resize(rows);
    }

    /// <summary>True where this machine's instructions make a scan by bytes worth it; elsewhere no codes are kept, only norms.</summary>
    public static bool IsFast => Avx2.IsSupported;

    /// <summary>Bytes of a row: D, filled up with zeros to a multiple of sixteen.</summary>
    public int Stride { get; }

    /// <summary>Most that a direction can differ from its codes, in steps.</summary>
    public float ErrorPerStep { get; }

    /// <summary>Rows.</summary>
    public int Count { get; private set; }

    /// <summary>Codes, row after row.</summary>
    public ReadOnlySpan<sbyte> Codes => _codes;

    /// <summary>What a code of a row is multiplied by; 0 where the vector has no direction.</summary>
    public ReadOnlySpan<float> Steps => _steps.AsSpan(0, Count);

    /// <summary>1 / length of each row's vector; 0 where it has no direction (zero, or not finite).</summary>
    public ReadOnlySpan<float> InverseNorms => _inverseNorms.AsSpan(0, Count);

    /// <summary>Adds rows.</summary>
    /// <param name="vectors">Row-major [n, D].</param>
    public void Append(ReadOnlySpan<float> vectors)
    {
        var rows = vectors.Length / _dimensions;
        if (Count + rows > _inverseNorms.Length) Resize(Math.Max(Count + rows, Math.Max(FirstRows, Count * 2)));
        for (var row = 0; row < rows; row++) Append(vectors.Slice(row * _dimensions, _dimensions), Count++);
    }

    private void Append(ReadOnlySpan<float> vector, int row)
    {
        var inverse = 1 / MathF.Sqrt(FixedOrder.Dot(vector, vector));
        if (!float.IsFinite(inverse)) inverse = 0;
        _inverseNorms[row] = inverse;
        if (Stride == 0) return;
        var greatest = 0f;
        foreach (var x in vector) greatest = MathF.Max(greatest, MathF.Abs(x));
        var codes = _codes.AsSpan(row * Stride, Stride);
        codes.Clear();
        _steps[row] = inverse * greatest / Levels;
        if (!(_steps[row] > 0)) return;
        var scale = Levels / greatest;
        for (var i = 0; i < vector.Length; i++) codes[i] = (sbyte)MathF.Round(vector[i] * scale);
    }

    private void Resize(int rows)
    {
        Array.Resize(ref _inverseNorms, rows);
        if (Stride == 0) return;
        Array.Resize(ref _steps, rows);
        Array.Resize(ref _codes, checked(rows * Stride));
    }
}
