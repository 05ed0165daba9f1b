using System.Numerics;
using System.Runtime.InteropServices;

namespace Streaming.Training.Ranker;

/// <summary>
/// y = x W + b with its gradients and Adam moments (Kingma and Ba, "Adam", 2015). Sums over inputs and rows run in a fixed order and only outputs are worked on side by side,
/// so equal input gives equal bits whatever the vector width of the machine.
/// </summary>
internal sealed class DenseLayer
{
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;
    private readonly float[] _gradient, _first, _second;

    /// <summary>He initialisation (He et al., 2015).</summary>
    public DenseLayer(int inputs, int outputs, SeededRandom random)
    {
        Inputs = inputs;
        Outputs = outputs;
        Parameters = new float[(inputs + 1) * outputs];
        _gradient = new float[Parameters.Length];
        _first = new float[Parameters.Length];
        _second = new float[Parameters.Length];
        var deviation = Math.Sqrt(2.0 / inputs);
        for (var i = 0; i < inputs * outputs; i++) Parameters[i] = (float)(random.Normal() * deviation);
    }

    /// <summary>Inputs of a row.</summary>
    public int Inputs { get; }
    /// <summary>Outputs of a row.</summary>
    public int Outputs { get; }
    /// <summary>W row-major [<see cref="Inputs"/>, <see cref="Outputs"/>], then b.</summary>
    public float[] Parameters { get; }
    /// <summary>W.</summary>
    public Span<float> Weights => Parameters.AsSpan(0, Inputs * Outputs);
    /// <summary>b.</summary>
    public Span<float> Bias => Parameters.AsSpan(Inputs * Outputs);

    /// <summary>y for one row.</summary>
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        Bias.CopyTo(y);
        for (var i = 0; i < Inputs; i++)
        {
            if (x[i] != 0) AddScaled(y, Weights.Slice(i * Outputs, Outputs), x[i]);
        }
    }

    /// <summary>Adds one row's gradients, and writes the gradient of x where one is wanted.</summary>
    public void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx)
    {
        AddScaled(_gradient.AsSpan(Inputs * Outputs), dy, 1);
        for (var i = 0; i < Inputs; i++)
        {
            if (x[i] != 0) AddScaled(_gradient.AsSpan(i * Outputs, Outputs), dy, x[i]);
        }

        for (var i = 0; i < dx.Length; i++)
        {
            var sum = 0f;
            var row = Weights.Slice(i * Outputs, Outputs);
            for (var o = 0; o < row.Length; o++) sum += row[o] * dy[o];
            dx[i] = sum;
        }
    }

    /// <summary>One Adam step with the gradients added since the last, which are then forgotten.</summary>
    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="scale">1 / examples in the batch.</param>
    /// <param name="decay">Weight decay, decoupled (Loshchilov and Hutter, 2019); never on the bias.</param>
    public void Step(int step, float rate, float scale, float decay)
    {
        var correct1 = 1f / (float)(1 - Math.Pow(Beta1, step));
        var correct2 = 1f / (float)(1 - Math.Pow(Beta2, step));
        var weights = Inputs * Outputs;
        for (var i = 0; i < Parameters.Length; i++)
        {
            var g = _gradient[i] * scale;
            _first[i] = (Beta1 * _first[i]) + ((1 - Beta1) * g);
            _second[i] = (Beta2 * _second[i]) + ((1 - Beta2) * g * g);
            if (i < weights) Parameters[i] -= rate * decay * Parameters[i];
            Parameters[i] -= rate * (_first[i] * correct1) / (MathF.Sqrt(_second[i] * correct2) + Epsilon);
        }

        Array.Clear(_gradient);
    }

    private static void AddScaled(Span<float> to, ReadOnlySpan<float> values, float by)
    {
        var width = Vector<float>.Count;
        var i = 0;
        if (to.Length >= width)
        {
            var wideTo = MemoryMarshal.Cast<float, Vector<float>>(to);
            var wide = MemoryMarshal.Cast<float, Vector<float>>(values);
            var factor = new Vector<float>(by);
            for (var v = 0; v < wideTo.Length; v++) wideTo[v] += wide[v] * factor;
            i = wideTo.Length * width;
        }

        for (; i < to.Length; i++) to[i] += values[i] * by;
    }
}
