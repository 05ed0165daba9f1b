namespace Streaming.Training.Segments.Report;

/// <summary><c>report.html</c>: one file, nothing fetched, no script.</summary>
internal static class ReportPage
{
    /// <summary>Name of the file.</summary>
    public const string Name = "report.html";

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(SegmentReport report, string version, ReportLanguage language)
    {
        var sheet = new ReportSheet(report, language);
        var (html, title) = (sheet.Html, sheet.T("Customer segments", "客户分群报告"));
        html.Open("html", ("xmlns", "http://www.w3.org/1999/xhtml"), ("lang", sheet.T("en", "zh-CN"))).Open("head").Empty("meta", ("charset", "utf-8")).Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
            .Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'")).Element("title", title).Style(ReportStyle.Css).Close().Open("body").Open("main");
        html.Element("h1", title);
        sheet.Paragraph(sheet.T(
            $"{ReportFormat.Count(report.Customers)} customers with a purchase from {ReportFormat.Day(report.Data.FromMs)} to {ReportFormat.Day(report.Data.ToMs)}, in {report.Segments.Count} segments. Version {version}.",
            $"{ReportFormat.Day(report.Data.FromMs)} 至 {ReportFormat.Day(report.Data.ToMs)} 有购买的客户 {ReportFormat.Count(report.Customers)} 人，分为 {report.Segments.Count} 群。版本 {version}。"));
        Contents(sheet);
        Glance(sheet);
        Apart(sheet);
        SegmentSections.Write(sheet);
        BetweenSections.Write(sheet);
        if (report.Rules.Count > 0) RuleSection.Write(sheet);
        NotesSection.Write(sheet);
        html.Close(3);
        return html.Bytes();
    }

    private static void Contents(ReportSheet sheet)
    {
        (string Id, string Text)[] parts =
        [
            ("glance", sheet.T("At a glance", "概览")), ("apart", sheet.T("What sets them apart", "各群的特点")), ("each", sheet.T("Segment by segment", "逐群说明")), ("compare", sheet.T("Side by side", "并列比较")),
            ("between", sheet.T("Between segments", "群间关系")), .. sheet.Report.Rules.Count > 0 ? [("rules", sheet.T("Rules by hand", "人工规则"))] : Array.Empty<(string, string)>(), ("notes", sheet.T("How to read this", "阅读说明")),
        ];
        sheet.Html.Open("nav", ("aria-label", sheet.T("Contents", "目录"))).Open("ul");
        foreach (var (id, text) in parts) sheet.Html.Open("li").Element("a", text, ("href", "#" + id)).Close();
        sheet.Html.Close(2);
    }

    private static void Glance(ReportSheet sheet)
    {
        var report = sheet.Report;
        sheet.Html.Element("h2", sheet.T("At a glance", "概览"), ("id", "glance"));
        sheet.Html.Open("ul");
        for (var s = 0; s < report.Segments.Count; s++)
        {
            var apart = report.Apart(report.Segments[s]).Select(a => (a.Effect.Delta > 0 ? a.Behaviour.More : a.Behaviour.Less).In(sheet.Language)).ToArray();
            sheet.Html.Open("li").Element("strong", sheet.Title(s)).Text(sheet.T(": ", "：") + (report.Segments[s].Customers is null ? sheet.Few : apart.Length == 0 ? sheet.T("not clearly different from the others", "与其他客户无明显差异") : string.Join(sheet.T(", ", "，"), apart)) + sheet.T(".", "。")).Close();
        }

        sheet.Html.Close();
        ReportBehaviour[] medians = [.. report.Behaviours.Where(b => b.Key is "amount" or "orders" or "daysSinceLast")];
        sheet.Table(
            sheet.T("Size and value of each segment; behaviour as the median. Value: what was bought at its price, refunds not taken off.", "各群规模与价值；行为取中位数。金额按购买时单价计，未扣退货。"),
            [sheet.T("Segment", "分群"), sheet.T("Customers", "客户数"), sheet.T("Share of customers", "客户占比"), sheet.T("Share of value", "金额占比"), .. medians.Select(b => b.Label.In(sheet.Language))],
            report.Segments.Select((segment, s) => (IReadOnlyList<string>)
            [
                sheet.Title(s), sheet.Count(segment.Customers), sheet.Share(segment.Share, segment.Share is null), sheet.Share(segment.ValueShare, segment.Customers is null),
                .. medians.Select(b => Median(sheet, segment.Behaviours[Index(report, b)], b.Unit)),
            ]));
        sheet.Figure(sheet.T("Upper bar: share of customers. Lower bar: share of value.", "上条：客户占比。下条：金额占比。"), () => ReportCharts.Bars(
            sheet.Html, "bars", sheet.T("Share of customers and of value", "客户占比与金额占比"), sheet.T("Two bars for each segment, numbered as in the table above", "每群两条，编号同上表"),
            [.. report.Segments.Select((x, s) => (ReportSheet.Number(s), x.Share, x.ValueShare))], sheet.T("not shown", "不显示")));
    }

    private static void Apart(ReportSheet sheet)
    {
        var report = sheet.Report;
        sheet.Html.Element("h2", sheet.T("What sets them apart", "各群的特点"), ("id", "apart"));
        sheet.Paragraph(sheet.T(
            "Each figure compares a segment's customers with all others: +1, every one of them has more than every other; 0, no difference; −1, every one has less (Cliff's delta). Up to ±0.15 there is nothing to speak of, from ±0.47 on it is large.",
            "每个数字把本群客户与其他所有客户相比：+1 表示本群每人都更高；0 表示无差异；−1 表示本群每人都更低（Cliff's delta）。±0.15 以内可忽略，±0.47 以上为大。"));
        sheet.Figure(sheet.T("Blue: more than the others. Orange: less. The deeper, the stronger. The same figures with their intervals stand under each segment.", "蓝：高于其他客户；橙：低于。颜色越深差异越大。带置信区间的数字见各群表格。"), () => ReportCharts.HeatMap(
            sheet.Html, "effects", sheet.T("Effects by segment and behaviour", "各群各行为的差异"), sheet.T("A row for each segment, a column for each behaviour, Cliff's delta in each cell", "每行一群，每列一种行为，格内为 Cliff's delta"),
            [.. report.Behaviours.Select(sheet.Label)], [.. report.Segments.Select((x, s) => (ReportSheet.Number(s), x.Effects))]));
        sheet.Paragraph(sheet.T(
            "† The segments were formed by this behaviour: that they differ in it is how they were made, no discovery. Days since the last order were not used.",
            "† 分群时用到了这一行为：各群在此有差异是分群的结果，不是新发现。距上次下单未用于分群。"), "quiet");
    }

    /// <summary>A median, or that it is of few.</summary>
    public static string Median(ReportSheet sheet, Quartiles? quartiles, ReportUnit unit) => quartiles is { } q ? ReportFormat.Value(q.Median, unit) : sheet.Few;

    private static int Index(SegmentReport report, ReportBehaviour behaviour) => report.Behaviours.TakeWhile(b => b != behaviour).Count();
}
