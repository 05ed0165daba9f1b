namespace Streaming.Training.Churn;

/// <summary>All that BG/NBD and Pareto/NBD know of a customer. Times in weeks since the first purchase.</summary>
/// <param name="Repeats">Occasions after the first.</param>
/// <param name="LastWeeks">Time of the last occasion; 0 without repeats.</param>
/// <param name="AgeWeeks">Time of looking.</param>
public readonly record struct BuyerSummary(int Repeats, double LastWeeks, double AgeWeeks)
{
    private const double DaysInWeek = 7;

    /// <summary>What is known of a customer at the end of a day; at least one occasion lies before.</summary>
    public static BuyerSummary Of(CustomerPurchases customer, int day)
    {
        var count = customer.CountUpTo(day);
        var first = customer.Purchases[0].Day;
        return new BuyerSummary(count - 1, (customer.Purchases[count - 1].Day - first) / DaysInWeek, (day - first) / DaysInWeek);
    }

    /// <summary>The same customer later, without a purchase in between.</summary>
    public BuyerSummary After(double weeks) => this with { AgeWeeks = AgeWeeks + weeks };
}
