namespace Streaming.Training.Churn;

/// <summary>How well probabilities fit yes-or-no outcomes.</summary>
public static class BinaryMetrics
{
    /// <summary>A probability of exactly 0 or 1 that turns out wrong would cost without end; it is held this far away.</summary>
    public const double Edge = 1e-9;

    /// <summary>Area under the ROC curve: P(a yes is scored above a no), ties count a half. NaN where one of the two is missing.</summary>
    /// <param name="scores">Higher means yes.</param>
    /// <param name="labels">Outcomes.</param>
    public static double Auroc(IReadOnlyList<double> scores, IReadOnlyList<bool> labels) => new RankedScores(scores).Auroc(labels, null);

    /// <summary>Mean of −ln of the probability given to what happened, nats.</summary>
    public static double LogLoss(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels)
    {
        var sum = 0.0;
        for (var i = 0; i < labels.Count; i++) sum += LossOf(probabilities[i], labels[i]);
        return sum / labels.Count;
    }

    /// <summary>−ln of the probability given to what happened.</summary>
    public static double LossOf(double probability, bool label)
    {
        var p = Math.Clamp(probability, Edge, 1 - Edge);
        return -Math.Log(label ? p : 1 - p);
    }
}
