using System.Diagnostics;

namespace Streaming.Training.NextItem;

/// <summary>Answers the test rows by one method after the other; the first is timed.</summary>
/// <param name="rows">Test rows.</param>
/// <param name="order">Order in which they are answered.</param>
/// <param name="places">Places of the train items in the order of their ids.</param>
internal sealed class NextItemRun(TestRows rows, int[] order, int[] places)
{
    private readonly double[] _ms = new double[rows.Count];

    /// <summary>Ranks by method, rows in their own order.</summary>
    public List<MethodRanks> Results { get; } = [];

    /// <summary>Answers all rows by a method.</summary>
    public void Answer(INextItemMethod method, IProgress<TrainProgress>? progress, CancellationToken cancellation)
    {
        var ranks = new int[rows.Count];
        var scores = new float[places.Length];
        var top = new TopScores(places, NextItemFigures.Length);
        var isTimed = Results.Count == 0;
        for (var i = 0; i < order.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = order[i];
            var from = Stopwatch.GetTimestamp();
            method.Score(rows.Prefix(row), scores);
            if (isTimed)
            {
                top.Reset(NextItemFigures.Length);
                top.Offer(scores);
                top.Sort();
                _ms[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            }

            ranks[row] = Ranks.Of(scores, rows.Target(row), places);
            if (i % 100 == 0) progress?.Report(new TrainProgress($"answer by {method.Name}", (double)i / order.Length));
        }

        if (isTimed) Array.Sort(_ms);
        Results.Add(new MethodRanks(method.Name, ranks));
    }

    /// <summary>Quantile of the first method's times, ms.</summary>
    public double Quantile(double share) => _ms[Math.Min(_ms.Length - 1, (int)(share * _ms.Length))];
}
