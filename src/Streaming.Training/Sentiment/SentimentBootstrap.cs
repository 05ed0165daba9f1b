using Streaming.Training.Churn;

namespace Streaming.Training.Sentiment;

/// <summary>Figures of several methods on the same draws of reviews with replacement.</summary>
/// <param name="labels">One a review.</param>
/// <param name="draws">Draws.</param>
/// <param name="seed">Seed.</param>
internal sealed class SentimentBootstrap(bool[] labels, int draws, int seed)
{
    /// <summary>Figures of each method: first of the reviews as they are, then of the draws.</summary>
    /// <param name="probabilities">Of positive, one list a method.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Ends it early.</param>
    public SentimentFigures[][] Measure(IReadOnlyList<double[]> probabilities, Action<double>? progress, CancellationToken cancellation)
    {
        RankedScores[] ranked = [.. probabilities.Select(p => new RankedScores(p))];
        double[][] losses = [.. probabilities.Select(p => p.Zip(labels, BinaryMetrics.LossOf).ToArray())];
        SentimentFigures[][] figures = [.. probabilities.Select(_ => new SentimentFigures[draws + 1])];
        var random = new SeededRandom((ulong)seed ^ 0x5e47);
        var times = new int[labels.Length];
        for (var d = 0; d <= draws; d++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Fill(times, d == 0 ? 1 : 0);
            for (var i = 0; d > 0 && i < times.Length; i++) times[random.Below(times.Length)]++;
            for (var m = 0; m < ranked.Length; m++) figures[m][d] = Of(ranked[m], probabilities[m], losses[m], times);
            progress?.Invoke((d + 1.0) / (draws + 1));
        }

        return figures;
    }

    private SentimentFigures Of(RankedScores ranked, double[] probabilities, double[] losses, int[] times)
    {
        var (right, loss) = (0L, 0.0);
        for (var i = 0; i < times.Length; i++)
        {
            if (probabilities[i] >= 0.5 == labels[i]) right += times[i];
            loss += times[i] * losses[i];
        }

        return new SentimentFigures(ranked.Auroc(labels, times), right / (double)times.Length, loss / times.Length);
    }
}

/// <summary>Figures of one method.</summary>
/// <param name="Auroc">Area under the ROC curve.</param>
/// <param name="Accuracy">Share answered rightly.</param>
/// <param name="LogLoss">Mean loss, nats.</param>
internal readonly record struct SentimentFigures(double Auroc, double Accuracy, double LogLoss);
