namespace Streaming.Training.Segments.Report;

/// <summary>How the figures were made and what they do not say.</summary>
internal static class NotesSection
{
    /// <summary>Writes the section.</summary>
    public static void Write(ReportSheet sheet)
    {
        var report = sheet.Report;
        var z = ReportFormat.Plain(report.Items.LeastZ);
        string[] notes =
        [
            sheet.T("Orders are days with a purchase: two on one day count once. Value is quantity × price, refunds not taken off; a line without a price counts its quantity.", "下单次数按有购买的天数计：同一天两单算一次。金额为数量 × 单价，未扣退货；没有单价的行按数量计。"),
            sheet.T("Days between orders are known only of customers with two orders or more, lines bought again of those with two lines or more; figures of them speak of these customers alone.", "下单间隔只有下过两单及以上的客户才有，回购占比只有购买两行及以上的客户才有；相应数字只涉及这些客户。"),
            sheet.T("Each customer stands in the segment whose centre is nearest at the end of the history. \"Who moved\" alone goes by refits, at which customers at a border stay where they were.", "每位客户归入历史结束时中心最近的群。只有“群间流动”按重新分群计，其中边界上的客户保持原群。"),
            sheet.T($"Intervals: customers of both sides drawn with replacement {ReportFormat.Count(report.Draws)} times, with the segments as they are; they do not cover that another history would give other segments.", $"区间：对两侧客户有放回抽样 {ReportFormat.Count(report.Draws)} 次，分群保持不变；不包含“换一段历史会得到不同分群”的不确定性。"),
            sheet.T(
                $"What a segment buys more of: counted are customers, each once. Ranked by log-odds against all others with a prior of the average mix (z); named from {SmallGroups.Least} customers and 1 % of the segment on where z is at least {z}, which is 5 % over all {ReportFormat.Count(report.Items.Tested)} that were looked at. One customer's purchases hang together, so that z ranks but is no exact test.",
                $"多买的商品：按客户计数，每人一次。按与其他客户相比的对数几率（以平均构成为先验）排序（z）；至少 {SmallGroups.Least} 人且占本群 1 %、z 不低于 {z} 才列出，即在全部 {ReportFormat.Count(report.Items.Tested)} 项中控制在 5 %。同一客户的购买彼此相关，故 z 只用于排序，不是严格检验。"),
            sheet.T($"No figure of behaviour or value is of fewer than {SmallGroups.Least} customers, and no id of a person is in this file. How many a small group are can be worked out from totals.", $"行为与金额数字至少涉及 {SmallGroups.Least} 位客户，本文件不含任何个人标识。小群的人数可由总数推算。"),
            sheet.T("A segment says how customers behaved, not why, nor what a message would change: for that hold some back by chance and compare.", "分群说明客户如何行动，不说明原因，也不说明营销会带来什么改变：要知道后者，请随机留出对照组比较。"),
        ];
        sheet.Html.Element("h2", sheet.T("How to read this", "阅读说明"), ("id", "notes")).Open("ul");
        foreach (var note in notes) sheet.Html.Element("li", note);
        sheet.Html.Close();
    }
}
