namespace Streaming.Training.Evaluate;

/// <summary>Scores one ranked list against one basket.</summary>
internal static class RankedBasket
{
    /// <summary>Length of the lists.</summary>
    public const int Length = 20;

    /// <summary>hits / min(20, targets); targets are the basket's items, or those of them that the customer never bought.</summary>
    public static double Recall(List<int> ranked, IReadOnlyCollection<int> targets) =>
        (double)ranked.Take(Length).Count(targets.Contains) / Math.Min(Length, targets.Count);
}
