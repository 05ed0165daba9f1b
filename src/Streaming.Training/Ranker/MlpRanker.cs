using Streaming.Core.Score;
using Streaming.Training.Onnx;

namespace Streaming.Training.Ranker;

/// <summary>
/// The ranker: standardised features → ReLU layers → one logit → σ. A score is between 0 and 1, an estimate of P(the user acts on the item next), so that Rerank may multiply it.
/// <see cref="Forward"/> and the written ONNX graph are the same function to 1e-5.
/// </summary>
public sealed class MlpRanker
{
    private readonly DenseLayer[] _layers;
    private readonly float[][] _activations;

    /// <summary>A network with random weights.</summary>
    /// <param name="standardiser">Fitted on the training rows.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="seed">Seed of the weights.</param>
    public MlpRanker(Standardiser standardiser, IReadOnlyList<int> hidden, int seed)
    {
        Standardiser = standardiser;
        var random = new SeededRandom((ulong)seed);
        int[] widths = [standardiser.Mean.Length, .. hidden, 1];
        _layers = [.. widths.Zip(widths.Skip(1), (from, to) => new DenseLayer(from, to, random))];
        _activations = [.. widths.Select(w => new float[w])];
    }

    /// <summary>What is done to the features first.</summary>
    public Standardiser Standardiser { get; }

    /// <summary>Number of features F.</summary>
    public int Features => Standardiser.Mean.Length;

    internal DenseLayer[] Layers => _layers;

    /// <summary>Scores rows. Not for two threads at once.</summary>
    /// <param name="rows">Row-major [N, F].</param>
    /// <param name="scores">[N].</param>
    public void Forward(ReadOnlySpan<float> rows, Span<float> scores)
    {
        for (var r = 0; r < scores.Length; r++) scores[r] = Sigmoid(Logit(rows.Slice(r * Features, Features), _activations));
    }

    /// <summary>The model as ONNX: input <c>features</c> [N, F], output <c>score</c> [N, 1].</summary>
    public byte[] ToOnnx()
    {
        var graph = new OnnxGraph("ranker").Metadata("feature_hash", RankerFeatures.Hash).Input("features", -1, Features);
        graph.Floats("mean", Standardiser.Mean, Features).Floats("inverse_deviation", Standardiser.InverseDeviation, Features);
        graph.Floats("low", [-Standardiser.Limit]).Floats("high", [Standardiser.Limit]);
        graph.Node("Sub", "centred", "features", "mean").Node("Mul", "scaled", "centred", "inverse_deviation").Node("Clip", "x0", "scaled", "low", "high");
        for (var l = 0; l < _layers.Length; l++)
        {
            var layer = _layers[l];
            graph.Floats($"w{l}", layer.Weights, layer.Inputs, layer.Outputs).Floats($"b{l}", layer.Bias, layer.Outputs);
            graph.Node("Gemm", $"y{l}", $"x{l}", $"w{l}", $"b{l}");
            if (l < _layers.Length - 1) graph.Node("Relu", $"x{l + 1}", $"y{l}");
        }

        return graph.Node("Sigmoid", "score", $"y{_layers.Length - 1}").Output("score", -1, 1).ToBytes();
    }

    internal static float Sigmoid(float x) => 1f / (1f + MathF.Exp(-x));

    internal float[][] NewActivations() => [.. _activations.Select(a => new float[a.Length])];

    /// <summary>The logit of one row; what each layer saw stays in the buffers, for the way back.</summary>
    internal float Logit(ReadOnlySpan<float> row, float[][] activations)
    {
        Standardiser.Apply(row, activations[0]);
        for (var l = 0; l < _layers.Length; l++)
        {
            var y = activations[l + 1];
            _layers[l].Forward(activations[l], y);
            if (l == _layers.Length - 1) break;
            for (var i = 0; i < y.Length; i++) y[i] = Math.Max(0, y[i]);
        }

        return activations[^1][0];
    }

    /// <summary>Makes the logit a × logit + b.</summary>
    internal void Calibrate(float a, float b)
    {
        var last = _layers[^1];
        foreach (ref var weight in last.Weights) weight *= a;
        last.Bias[0] = (last.Bias[0] * a) + b;
    }
}
