namespace Streaming.Training.Ranker;

/// <summary>Loss of a moment and its gradients: −Σ t log softmax(logits), where t are the gains divided by their sum.</summary>
internal sealed class SoftmaxPass(MlpRanker model)
{
    private readonly List<float[][]> _activations = [];
    private readonly float[][] _gradients = model.NewActivations();
    private float[] _logits = [];

    /// <summary>Adds a moment's gradients to the layers.</summary>
    public void Add(RankerGroup group)
    {
        var total = Forward(group, out var gainSum, out _);
        for (var r = 0; r < group.Rows; r++)
        {
            var activations = _activations[r];
            _gradients[^1][0] = (float)((_logits[r] / total) - (group.Gains[r] / gainSum));
            for (var l = model.Layers.Length - 1; l >= 0; l--)
            {
                var dx = l == 0 ? default : _gradients[l].AsSpan();
                model.Layers[l].Backward(activations[l], _gradients[l + 1], dx);
                for (var i = 0; i < dx.Length; i++)
                {
                    if (activations[l][i] <= 0) dx[i] = 0;
                }
            }
        }
    }

    /// <summary>Mean loss of moments.</summary>
    public double Loss(IReadOnlyList<RankerGroup> groups)
    {
        var sum = 0.0;
        foreach (var group in groups)
        {
            Forward(group, out _, out var loss);
            sum += loss;
        }

        return sum / groups.Count;
    }

    /// <summary>Leaves exp(logit − highest) in <see cref="_logits"/> and gives their sum.</summary>
    private double Forward(RankerGroup group, out float gainSum, out double loss)
    {
        while (_activations.Count < group.Rows) _activations.Add(model.NewActivations());
        if (_logits.Length < group.Rows) _logits = new float[group.Rows];
        var highest = float.NegativeInfinity;
        for (var r = 0; r < group.Rows; r++)
        {
            _logits[r] = model.Logit(group.Features.AsSpan(r * model.Features, model.Features), _activations[r]);
            highest = Math.Max(highest, _logits[r]);
        }

        var total = 0.0;
        var weighted = 0.0;
        gainSum = 0;
        for (var r = 0; r < group.Rows; r++)
        {
            gainSum += group.Gains[r];
            weighted += (double)group.Gains[r] * (_logits[r] - highest);
            _logits[r] = MathF.Exp(_logits[r] - highest);
            total += _logits[r];
        }

        loss = Math.Log(total) - (weighted / gainSum);
        return total;
    }
}
