namespace Streaming.Training.Churn;

/// <summary>BG/NBD and Pareto/NBD of one shop on one day.</summary>
/// <param name="BgNbd">BG/NBD.</param>
/// <param name="ParetoNbd">Pareto/NBD.</param>
/// <param name="Pooled">True where the shop was too small to speak alone: the fit leans on a prior.</param>
internal sealed record ProcessPair(BgNbd BgNbd, ParetoNbd ParetoNbd, bool Pooled)
{
    /// <summary>Fits both.</summary>
    /// <param name="buyers">Customers with a purchase by the day.</param>
    /// <param name="day">End of what is known.</param>
    /// <param name="leastOutcomes">Customers with, and without, a repeat purchase below which a prior speaks too.</param>
    public static ProcessPair Fit(IReadOnlyList<CustomerPurchases> buyers, int day, int leastOutcomes)
    {
        var summaries = buyers.Select(c => BuyerSummary.Of(c, day)).ToArray();
        var repeaters = summaries.Count(s => s.Repeats > 0);
        var pooled = repeaters < leastOutcomes || summaries.Length - repeaters < leastOutcomes;
        return new ProcessPair(BgNbd.Fit(summaries, pooled), ParetoNbd.Fit(summaries, pooled), pooled);
    }
}
