using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Streaming.Training.NextItem;

/// <summary>Adam (Kingma and Ba, ICLR 2015); items that a step did not touch keep their moments as they are.</summary>
internal sealed class EncoderAdam(EncoderWeights weights)
{
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;
    private readonly float[] _m = new float[weights.Items.Length];
    private readonly float[] _v = new float[weights.Items.Length];
    private readonly float[] _denseM = new float[weights.Dense.Length];
    private readonly float[] _denseV = new float[weights.Dense.Length];
    private int _steps;

    /// <summary>Goes one step against a gradient.</summary>
    public void Step(EncoderGradient gradient, float learningRate)
    {
        _steps++;
        var rate = learningRate * MathF.Sqrt(1 - MathF.Pow(Beta2, _steps)) / (1 - MathF.Pow(Beta1, _steps));
        Move(weights.Dense, gradient.Dense, _denseM, _denseV, rate);
        foreach (var item in gradient.Touched)
        {
            var (from, d) = (item * weights.Dimensions, weights.Dimensions);
            Move(weights.Item(item), gradient.Item(item), _m.AsSpan(from, d), _v.AsSpan(from, d), rate);
        }
    }

    private static void Move(Span<float> values, ReadOnlySpan<float> gradient, Span<float> m, Span<float> v, float rate)
    {
        ref var w0 = ref MemoryMarshal.GetReference(values);
        ref var g0 = ref MemoryMarshal.GetReference(gradient);
        ref var m0 = ref MemoryMarshal.GetReference(m);
        ref var v0 = ref MemoryMarshal.GetReference(v);
        for (nuint i = 0; i < (nuint)values.Length; i += Simd.Width)
        {
            var g = Vector512.LoadUnsafe(ref g0, i);
            var first = (Vector512.LoadUnsafe(ref m0, i) * Beta1) + (g * (1 - Beta1));
            var second = (Vector512.LoadUnsafe(ref v0, i) * Beta2) + (g * g * (1 - Beta2));
            first.StoreUnsafe(ref m0, i);
            second.StoreUnsafe(ref v0, i);
            (Vector512.LoadUnsafe(ref w0, i) - (first * rate / (Vector512.Sqrt(second) + Vector512.Create(Epsilon)))).StoreUnsafe(ref w0, i);
        }
    }
}
