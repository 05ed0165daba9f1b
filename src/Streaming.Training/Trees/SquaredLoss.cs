namespace Streaming.Training.Trees;

/// <summary>(score − outcome)² / 2.</summary>
/// <param name="outcomes">One a row.</param>
/// <param name="start">Score before the first tree.</param>
internal sealed class SquaredLoss(double[] outcomes, double start) : ITreeLoss
{
    private readonly double[] _scores = [.. Enumerable.Repeat(start, outcomes.Length)];

    public void Differentiate(float[] gradients, float[] curvatures)
    {
        for (var row = 0; row < _scores.Length; row++) (gradients[row], curvatures[row]) = ((float)(_scores[row] - outcomes[row]), 1);
    }

    public void Add(ReadOnlySpan<int> rows, float answer)
    {
        foreach (var row in rows) _scores[row] += answer;
    }
}
