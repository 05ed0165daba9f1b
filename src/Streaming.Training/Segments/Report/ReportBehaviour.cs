namespace Streaming.Training.Segments.Report;

/// <summary>A behaviour that segments are described and compared by.</summary>
/// <param name="Key">Name in <c>report.json</c>; that of the field of rules where there is one.</param>
/// <param name="Unit">Unit.</param>
/// <param name="IsFormed">True where the segments were formed by it: that they differ in it is no discovery.</param>
/// <param name="Of">Value for a customer; NaN: unknown.</param>
/// <param name="Label">Heading.</param>
/// <param name="More">What a customer with more of it does.</param>
/// <param name="Less">What one with less does.</param>
internal sealed record ReportBehaviour(string Key, ReportUnit Unit, bool IsFormed, Func<CustomerBehaviour, double> Of, Phrase Label, Phrase More, Phrase Less)
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ReportBehaviour> All =
    [
        new("amount", ReportUnit.Money, true, c => c.Amount, new("Value in all", "总消费额"), new("spends more in all", "总消费更高"), new("spends less in all", "总消费更低")),
        new("orders", ReportUnit.Count, true, c => c.Occasions, new("Orders", "下单次数"), new("orders more often", "下单更多"), new("orders less often", "下单更少")),
        new("amountPerOrder", ReportUnit.Money, true, c => c.Amount / c.Occasions, new("Value per order", "单均金额"), new("spends more per order", "单均金额更高"), new("spends less per order", "单均金额更低")),
        new("linesPerOrder", ReportUnit.Count, true, c => (double)c.Lines.Bought / c.Occasions, new("Lines per order", "每单商品行数"), new("has larger baskets", "购物篮更大"), new("has smaller baskets", "购物篮更小")),
        new("medianGapDays", ReportUnit.Days, true, c => c.MedianGapDays, new("Days between orders", "下单间隔天数"), new("waits longer between orders", "下单间隔更长"), new("comes back sooner", "下单间隔更短")),
        new("daysSinceLast", ReportUnit.Days, false, c => c.RecencyDays, new("Days since the last order", "距上次下单天数"), new("has been away longer", "离上次下单更久"), new("ordered more recently", "最近下单更近")),
        new("repeatShare", ReportUnit.Share, true, c => c.Lines.Bought > 1 ? (double)c.Lines.Repeated / c.Lines.Bought : double.NaN, new("Lines bought again", "回购占比"), new("buys the same items again more", "更常回购同款"), new("buys the same items again less", "较少回购同款")),
        new("refundShare", ReportUnit.Share, true, c => (double)c.Lines.Refunded / (c.Lines.Bought + c.Lines.Refunded), new("Lines given back", "退货占比"), new("gives more back", "退货更多"), new("gives less back", "退货更少")),
        new("looksPerOrder", ReportUnit.Count, true, c => (double)c.Lines.Looks / c.Occasions, new("Looks per order", "每单浏览次数"), new("looks more before buying", "下单前浏览更多"), new("looks less before buying", "下单前浏览更少")),
    ];
}
