using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Segments;

/// <summary>The fields that segment rules may name, and their values for a customer.</summary>
public static class CustomerRuleFields
{
    private static readonly (RuleField Field, Func<CustomerBehaviour, double> Of)[] Numbers =
    [
        (new("orders", RuleUnit.Count, "days with a purchase"), c => c.Occasions),
        (new("lines", RuleUnit.Count, "lines bought"), c => c.Lines.Bought),
        (new("amount", RuleUnit.Money, "quantity × price over all purchases, refunds not taken off; a line without a price counts its quantity"), c => c.Amount),
        (new("amountPerOrder", RuleUnit.Money, "amount ÷ orders"), c => c.Amount / c.Occasions),
        (new("linesPerOrder", RuleUnit.Count, "lines ÷ orders"), c => (double)c.Lines.Bought / c.Occasions),
        (new("looksPerOrder", RuleUnit.Count, "views and clicks ÷ orders"), c => (double)c.Lines.Looks / c.Occasions),
        (new("daysSinceFirst", RuleUnit.Days, "from the first purchase to the history's end"), c => c.DaysSinceFirst),
        (new("daysSinceLast", RuleUnit.Days, "from the last purchase to the history's end"), c => c.RecencyDays),
        (new("medianGapDays", RuleUnit.Days, "median of the days from one order to the next; unknown with one order"), c => c.MedianGapDays),
        (new("repeatShare", RuleUnit.Share, "of the lines, those of an item bought before; unknown with one line"), c => c.Lines.Bought > 1 ? (double)c.Lines.Repeated / c.Lines.Bought : double.NaN),
        (new("refundShare", RuleUnit.Share, "refunded lines ÷ lines bought or refunded"), c => (double)c.Lines.Refunded / (c.Lines.Bought + c.Lines.Refunded)),
    ];

    /// <summary>All fields.</summary>
    public static RuleSchema Schema { get; } = new(
    [
        .. Numbers.Select(n => n.Field),
        new("recencyQuintile", RuleUnit.Quintile, "5: the fifth that bought last"), new("frequencyQuintile", RuleUnit.Quintile, "5: the fifth with most orders"), new("amountQuintile", RuleUnit.Quintile, "5: the fifth with the greatest amount"),
        new("rfmSegment", RuleUnit.Text, "champions, loyal, new or promising, needs attention, at risk, about to sleep, lost"), new("segment", RuleUnit.Text, "name of the learned segment"),
    ]);

    /// <summary>Name of the field that holds the learned segment.</summary>
    internal const string Segment = "segment";

    /// <summary>A customer's values in the schema's order.</summary>
    internal static RuleValue[] Values(CustomerBehaviour customer, RfmQuintiles rfm, string segment)
    {
        var (r, f, m) = rfm.Of(customer);
        return [.. Numbers.Select(n => RuleValue.Of(n.Of(customer))), RuleValue.Of(r), RuleValue.Of(f), RuleValue.Of(m), RuleValue.Of(rfm.Name(customer)), RuleValue.Of(segment)];
    }
}
