namespace Streaming.Training.Segments;

/// <summary>Recency, frequency and amount in quintiles of the customers at a moment of event time; 5 is best.</summary>
/// <param name="Recency">Upper edges, days, four.</param>
/// <param name="Frequency">Upper edges, days with a purchase.</param>
/// <param name="Amount">Upper edges.</param>
internal sealed record RfmQuintiles(double[] Recency, double[] Frequency, double[] Amount)
{
    /// <summary>Fits the edges.</summary>
    public static RfmQuintiles Fit(IReadOnlyList<CustomerBehaviour> customers)
    {
        double[] Edges(Func<CustomerBehaviour, double> of)
        {
            double[] sorted = [.. customers.Select(of).Order()];
            return [.. Enumerable.Range(1, 4).Select(q => sorted[Math.Max(0, (q * sorted.Length / 5) - 1)])];
        }

        return new RfmQuintiles(Edges(c => c.RecencyDays), Edges(c => c.Occasions), Edges(c => c.Amount));
    }

    /// <summary>Quintiles of a customer.</summary>
    public (int R, int F, int M) Of(CustomerBehaviour customer) => (6 - Quintile(Recency, customer.RecencyDays), Quintile(Frequency, customer.Occasions), Quintile(Amount, customer.Amount));

    /// <summary>Name of the cell's group, by recency and the mean of the other two: the plain segments that shops use.</summary>
    public string Name(CustomerBehaviour customer)
    {
        var (r, f, m) = Of(customer);
        var worth = (f + m + 1) / 2;
        return (r, worth) switch
        {
            ( >= 4, >= 4) => "champions",
            ( >= 3, >= 3) => "loyal",
            ( >= 4, _) => "new or promising",
            (3, _) => "needs attention",
            (_, >= 4) => "at risk",
            (2, _) => "about to sleep",
            _ => "lost",
        };
    }

    private static int Quintile(double[] edges, double value) => 1 + edges.Count(e => value > e);
}
