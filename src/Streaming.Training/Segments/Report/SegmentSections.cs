namespace Streaming.Training.Segments.Report;

/// <summary>Each segment by itself, then all side by side.</summary>
internal static class SegmentSections
{
    /// <summary>Writes the sections.</summary>
    public static void Write(ReportSheet sheet)
    {
        sheet.Html.Element("h2", sheet.T("Segment by segment", "逐群说明"), ("id", "each"));
        for (var s = 0; s < sheet.Report.Segments.Count; s++) One(sheet, s);
        SideBySide(sheet);
    }

    private static void One(ReportSheet sheet, int s)
    {
        var (report, segment) = (sheet.Report, sheet.Report.Segments[s]);
        sheet.Html.Open("section", ("aria-labelledby", $"segment-{s + 1}")).Element("h3", sheet.Title(s), ("id", $"segment-{s + 1}"));
        sheet.Html.Open("p", ("class", "quiet")).Text(sheet.T("Name for rules and programs: ", "规则与程序中的名称：")).Open("code").Foreign(segment.Name).Close(2);
        if (segment.Customers is not { } customers)
        {
            sheet.Paragraph(sheet.T($"{sheet.Few} customers: too few to say anything about them without speaking of persons.", $"{sheet.Few}：人数太少，给出数字等于谈论个人。"));
            sheet.Html.Close();
            return;
        }

        sheet.Paragraph(sheet.T(
            $"{ReportFormat.Count(customers)} customers: {sheet.Share(segment.Share, false)} of all, {sheet.Share(segment.ValueShare, false)} of value.",
            $"{ReportFormat.Count(customers)} 人：占客户 {sheet.Share(segment.Share, false)}，占金额 {sheet.Share(segment.ValueShare, false)}。"));
        var apart = report.Apart(segment);
        if (apart.Count > 0)
        {
            sheet.Html.Open("ol");
            foreach (var (behaviour, index, effect) in apart) sheet.Html.Element("li", sheet.Words(behaviour, segment.Behaviours[index]!.Median, effect));
            sheet.Html.Close();
        }
        else
        {
            sheet.Paragraph(sheet.T("In no behaviour clearly different from the others.", "各项行为与其他客户均无明显差异。"));
        }

        sheet.Table(
            sheet.T($"Behaviour of segment {s + 1}: a quarter of its customers lie below the lower quartile, a quarter above the upper. Effect against all others, with its 95 % interval.", $"第 {s + 1} 群的行为：四分之一客户低于下四分位，四分之一高于上四分位。差异为与其他所有客户相比，附 95 % 区间。"),
            [sheet.T("Behaviour", "行为"), sheet.T("Known of", "已知人数"), sheet.T("Lower quartile", "下四分位"), sheet.T("Median", "中位数"), sheet.T("Upper quartile", "上四分位"), sheet.T("Median of all", "全体中位数"), sheet.T("Effect", "差异"), sheet.T("Strength", "强度")],
            report.Behaviours.Select((b, i) => Behaviour(sheet, b, segment.Behaviours[i], report.All[i], segment.Effects[i])));
        Items(sheet, s, segment);
        sheet.Html.Close();
    }

    private static string[] Behaviour(ReportSheet sheet, ReportBehaviour b, Quartiles? own, Quartiles? all, Effect? effect)
    {
        string Value(double? value) => value is { } v ? ReportFormat.Value(v, b.Unit) : sheet.Few;
        return
        [
            sheet.Label(b), sheet.Count(own?.Customers), Value(own?.Lower), Value(own?.Median), Value(own?.Upper), Value(all?.Median),
            effect is null ? sheet.Few : $"{ReportFormat.Delta(effect.Delta)} ({ReportFormat.Delta(effect.Low)}\u00a0…\u00a0{ReportFormat.Delta(effect.High)})", effect is null ? "–" : sheet.Strength(effect),
        ];
    }

    private static void Items(ReportSheet sheet, int s, SegmentFigures segment)
    {
        var what = sheet.Report.Items.AreCategories ? sheet.T("categories", "类目") : sheet.T("items", "商品");
        if (segment.Items.Count == 0)
        {
            sheet.Paragraph(sheet.T($"No {what} that it clearly buys more of than the others.", $"没有明显多买的{what}。"));
            return;
        }

        sheet.Table(
            sheet.T($"What segment {s + 1} buys more of: {what}, the clearest first. Lift: how many times its share of this segment's purchases is that of all customers' purchases, each customer counted once.", $"第 {s + 1} 群多买的{what}，最明显者在前。提升度：在本群购买中的占比是全体的几倍，每位客户只计一次。"),
            [sheet.Report.Items.AreCategories ? sheet.T("Category", "类目") : sheet.T("Item", "商品"), sheet.T("Customers", "客户数"), sheet.T("Of the segment", "占本群"), sheet.T("Lift", "提升度"), "z"],
            segment.Items.Select(i => (IReadOnlyList<string>)[i.Name, ReportFormat.Count(i.Customers), ReportFormat.Share(i.Share), "× " + ReportFormat.Plain(i.Lift), i.Z.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)]), isForeign: true);
    }

    private static void SideBySide(ReportSheet sheet)
    {
        var report = sheet.Report;
        sheet.Html.Element("h2", sheet.T("Side by side", "并列比较"), ("id", "compare"));
        sheet.Paragraph(sheet.T(
            "A box reaches from the lower to the upper quartile, the line in it is the median; the grey box is all customers. Money, days and counts are drawn on a logarithmic scale. At the right: median (lower – upper quartile).",
            "方框从下四分位到上四分位，框内竖线为中位数；灰框为全体客户。金额、天数、次数按对数刻度绘制。右侧数字：中位数（下四分位 – 上四分位）。"));
        for (var b = 0; b < report.Behaviours.Count; b++)
        {
            var (behaviour, index) = (report.Behaviours[b], b);
            var label = behaviour.Label.In(sheet.Language);
            sheet.Html.Element("h3", label);
            sheet.Figure(sheet.T($"{label}: all customers, then each segment by its number.", $"{label}：先全体，后按编号列出各群。"), () => ReportCharts.Boxes(
                sheet.Html, $"box-{behaviour.Key}", label, sheet.T("A box for all customers and one for each segment", "全体一框，每群一框"),
                [(sheet.T("all", "全体"), report.All[index]), .. report.Segments.Select((x, s) => (ReportSheet.Number(s), x.Behaviours[index]))], behaviour.Unit, sheet.Few));
        }
    }
}
