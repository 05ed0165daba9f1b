namespace Streaming.Training.Churn;

/// <summary>Scores sorted once, for many areas under the curve over them.</summary>
internal sealed class RankedScores
{
    private readonly int[] _order;
    private readonly IReadOnlyList<double> _scores;

    /// <summary>Sorts.</summary>
    public RankedScores(IReadOnlyList<double> scores)
    {
        _scores = scores;
        var keys = scores.ToArray();
        _order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(keys, _order);
    }

    /// <summary>Area under the ROC curve, ties a half.</summary>
    /// <param name="labels">Outcomes.</param>
    /// <param name="weights">How often each counts; null: once.</param>
    public double Auroc(IReadOnlyList<bool> labels, IReadOnlyList<int>? weights)
    {
        double below = 0, pairs = 0, yes = 0;
        for (var from = 0; from < _order.Length;)
        {
            double yesHere = 0, noHere = 0;
            var to = from;
            for (; to < _order.Length && _scores[_order[to]].Equals(_scores[_order[from]]); to++)
            {
                var weight = weights?[_order[to]] ?? 1;
                if (labels[_order[to]]) yesHere += weight;
                else noHere += weight;
            }

            pairs += yesHere * (below + (noHere / 2));
            below += noHere;
            yes += yesHere;
            from = to;
        }

        return yes > 0 && below > 0 ? pairs / (yes * below) : double.NaN;
    }
}
