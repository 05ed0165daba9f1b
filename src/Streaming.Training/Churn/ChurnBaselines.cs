namespace Streaming.Training.Churn;

/// <summary>P(a purchase) by the plain methods: BG/NBD and Pareto/NBD as fitted, and hazards of the week that see one number each.</summary>
internal static class ChurnBaselines
{
    /// <summary>Probabilities by name.</summary>
    /// <param name="model">Fitted on the same data.</param>
    /// <param name="known">The data.</param>
    /// <param name="customers">Whom to answer for.</param>
    /// <param name="days">Horizon.</param>
    public static SortedDictionary<string, double[]> Of(ChurnModel model, PurchaseHistory known, CustomerPurchases[] customers, int days)
    {
        var answers = new SortedDictionary<string, double[]>(StringComparer.Ordinal)
        {
            ["bgNbd"] = By(model.BgNbd),
            ["paretoNbd"] = By(model.ParetoNbd),
        };
        if (model.Hazard is not { } hazard) return answers;
        var rows = HazardModel.Rows(customers, hazard.Features, known.FirstDay, known.LastDay, double.PositiveInfinity);
        answers["recency"] = Alone(0);
        answers["frequency"] = Alone(1);
        return answers;

        double[] By(PurchaseProcess process) => [.. customers.Select(c => 1 - process.NoPurchase(BuyerSummary.Of(c, known.LastDay), days / (double)HazardModel.Week))];

        double[] Alone(int feature)
        {
            var alone = new HazardModel { Features = hazard.Features, Trees = hazard.Trees, Logistic = LogisticModel.Fit(rows, 1, [feature]) };
            return [.. customers.Select(c => 1 - alone.NoPurchase(c, known.LastDay, days, treesShare: 0))];
        }
    }
}
