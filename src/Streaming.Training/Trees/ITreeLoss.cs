namespace Streaming.Training.Trees;

/// <summary>What boosted trees make smaller: it holds the score of each row and says how the loss changes with it.</summary>
internal interface ITreeLoss
{
    /// <summary>First and second derivatives of the loss by each row's score, as the scores stand. The second are at least 0.</summary>
    void Differentiate(float[] gradients, float[] curvatures);

    /// <summary>Adds a leaf's answer to the scores of its rows.</summary>
    void Add(ReadOnlySpan<int> rows, float answer);
}
