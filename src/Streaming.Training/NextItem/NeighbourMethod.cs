namespace Streaming.Training.NextItem;

/// <summary>Session neighbours as a method of their own.</summary>
/// <param name="name">Name in the result.</param>
/// <param name="index">Sessions.</param>
/// <param name="settings">Settings.</param>
internal sealed class NeighbourMethod(string name, NeighbourIndex index, NeighbourSettings settings) : INextItemMethod
{
    private readonly NeighbourScorer _scorer = new(index, settings);
    private readonly SparseScores _scores = new(index.Log.ItemCount);

    public string Name => name;

    public void Score(ReadOnlySpan<int> prefix, Span<float> scores)
    {
        _scores.Clear();
        _scorer.Vote(prefix, _scores);
        _scores.CopyTo(scores);
    }
}
