namespace Streaming.Training.Trees;

/// <summary>−log P(outcome), where a score is the logit of P(1).</summary>
/// <param name="outcomes">0 or 1, one a row.</param>
/// <param name="weights">Weight of each row; null: 1.</param>
/// <param name="start">Logit before the first tree.</param>
internal sealed class LogisticLoss(double[] outcomes, float[]? weights, double start) : ITreeLoss
{
    private readonly double[] _scores = [.. Enumerable.Repeat(start, outcomes.Length)];

    public void Differentiate(float[] gradients, float[] curvatures)
    {
        for (var row = 0; row < _scores.Length; row++)
        {
            var (p, weight) = (Sigmoid(_scores[row]), weights is null ? 1 : weights[row]);
            gradients[row] = (float)(weight * (p - outcomes[row]));
            curvatures[row] = (float)(weight * p * (1 - p));
        }
    }

    public void Add(ReadOnlySpan<int> rows, float answer)
    {
        foreach (var row in rows) _scores[row] += answer;
    }

    // Of either sign without overflow.
    private static double Sigmoid(double logit) => logit >= 0 ? 1 / (1 + Math.Exp(-logit)) : Math.Exp(logit) / (1 + Math.Exp(logit));
}
