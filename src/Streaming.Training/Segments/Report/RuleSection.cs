namespace Streaming.Training.Segments.Report;

/// <summary>Rules by hand beside the learned segments.</summary>
internal static class RuleSection
{
    /// <summary>Writes the section.</summary>
    public static void Write(ReportSheet sheet)
    {
        var report = sheet.Report;
        sheet.Html.Element("h2", sheet.T("Rules by hand", "人工规则"), ("id", "rules"));
        sheet.Paragraph(sheet.T(
            "A customer may match several rules or none. \"Cannot be said\": a value that the rule needs is not known of the customer, as the days between orders after one order; such customers do not match.",
            "一位客户可能符合多条规则，也可能都不符合。“无法判断”：规则所需的值未知，例如只下过一单的客户没有下单间隔；这些客户不算符合。"));
        sheet.Table(
            sheet.T("Size of each rule's segment", "各规则的人群规模"),
            [sheet.T("Rule", "规则"), sheet.T("When", "条件"), sheet.T("Customers", "客户数"), sheet.T("Share of customers", "客户占比"), sheet.T("Share of value", "金额占比"), sheet.T("Cannot be said", "无法判断")],
            report.Rules.Select(r => (IReadOnlyList<string>)[r.Name, r.Text, sheet.Count(r.Customers), sheet.Share(r.Share, r.Customers is null), sheet.Share(r.ValueShare, r.Customers is null), sheet.Count(r.Unknown)]), texts: 2, isForeign: true);
        sheet.Table(
            sheet.T("Customers of each learned segment that a rule matches, and the share of that segment", "各分群中符合规则的客户数及其占该群的比例"),
            [sheet.T("Rule", "规则"), .. report.Segments.Select((_, s) => sheet.Title(s))],
            report.Rules.Select(r => (IReadOnlyList<string>)[r.Name, .. r.Overlap.Select((n, s) => n is { } count && report.Segments[s].Customers is > 0 and var size ? $"{ReportFormat.Count(count)} ({ReportFormat.Share((double)count / size)})" : sheet.Count(n))]), isForeign: true);
        foreach (var rule in report.Rules.Where(r => r.NoSuchSegments.Count > 0))
        {
            sheet.Html.Open("p").Foreign(rule.Name).Text(sheet.T(" names a learned segment that there is not: ", " 提到了不存在的分群：")).Foreign(string.Join(", ", rule.NoSuchSegments)).Close();
        }
    }
}
