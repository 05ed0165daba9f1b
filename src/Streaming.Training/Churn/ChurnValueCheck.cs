namespace Streaming.Training.Churn;

/// <summary>Holds forecasts of spend against what was spent.</summary>
internal static class ChurnValueCheck
{
    private const int Draws = 400;

    /// <summary>Runs; null where the file has no money.</summary>
    public static ChurnValueResult? Run(ChurnModel model, CustomerPurchases[] customers, Dictionary<string, CustomerPurchases> later, int days, int seed)
    {
        if (customers.All(c => c.Purchases.All(b => b.Spend <= 0))) return null;
        var value = new LifetimeValue(model, customers, Draws, seed);
        double covered = 0, expected = 0, spent = 0, expectedPurchases = 0, purchases = 0;
        foreach (var customer in customers)
        {
            var forecast = value.Of(customer, days);
            var window = later[customer.Id].Purchases.Where(b => b.Day > model.Day && b.Day <= model.Day + days).ToArray();
            var paid = window.Sum(b => b.Spend);
            if (paid >= forecast.ValueLow && paid <= forecast.ValueHigh) covered++;
            expected += forecast.Value;
            spent += paid;
            expectedPurchases += forecast.Purchases;
            purchases += window.Length;
        }

        var n = customers.Length;
        return new ChurnValueResult(covered / n, expected / n, spent / n, expectedPurchases / n, purchases / n);
    }
}
