using Streaming.Training.Trees;

namespace Streaming.Training.NextItem;

/// <summary>−log of the softmax of the right row's score among its group's (ListNet: Cao et al., ICML 2007). All in single precision: there are millions of rows.</summary>
/// <param name="groups">Where each group begins, and the end of the last.</param>
/// <param name="positives">The right row of each group.</param>
/// <param name="weights">How many rows each row stands for.</param>
internal sealed class GroupSoftmaxLoss(int[] groups, int[] positives, float[] weights) : ITreeLoss
{
    private const float LeastCurvature = 1e-6f;
    private readonly float[] _scores = new float[groups[^1]];

    public void Differentiate(float[] gradients, float[] curvatures)
    {
        for (var g = 0; g < positives.Length; g++)
        {
            var (from, to) = (groups[g], groups[g + 1]);
            var (most, sum) = (float.NegativeInfinity, 0f);
            for (var row = from; row < to; row++) most = MathF.Max(most, _scores[row]);
            for (var row = from; row < to; row++) sum += gradients[row] = weights[row] * MathF.Exp(_scores[row] - most);
            for (var row = from; row < to; row++)
            {
                var chance = gradients[row] / sum;
                gradients[row] = chance;
                curvatures[row] = MathF.Max(LeastCurvature, chance * (1 - chance));
            }

            gradients[positives[g]] -= 1;
        }
    }

    public void Add(ReadOnlySpan<int> rows, float answer)
    {
        foreach (var row in rows) _scores[row] += answer;
    }
}
