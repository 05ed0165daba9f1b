namespace Streaming.Training.Segments.Report;

/// <summary>How segments lie to each other: distances, map, spread, moves.</summary>
internal static class BetweenSections
{
    /// <summary>Writes the sections.</summary>
    public static void Write(ReportSheet sheet)
    {
        var report = sheet.Report;
        sheet.Html.Element("h2", sheet.T("Between segments", "群间关系"), ("id", "between"));
        Map(sheet);
        sheet.Table(
            sheet.T("Distance between the centres of two segments, in standard deviations of behaviour: the nearer, the more alike.", "两群中心的距离（以行为的标准差为单位）：越近越相似。"),
            [sheet.T("Segment", "分群"), .. report.Segments.Select((_, s) => ReportSheet.Number(s))],
            report.Distances.Select((row, s) => (IReadOnlyList<string>)[sheet.Title(s), .. row.Select((d, o) => s == o ? "–" : d is { } far ? ReportFormat.Plain(far) : sheet.Few)]));
        Spread(sheet);
        Moves(sheet);
    }

    private static void Map(ReportSheet sheet)
    {
        var (report, map) = (sheet.Report, sheet.Report.Map);
        var shown = ReportFormat.Share(map.Shares.Sum());
        sheet.Html.Element("h3", sheet.T("Map", "分布图"));
        sheet.Paragraph(sheet.T(
            $"The plane in which customers differ most; it shows {shown} of all differences, so that segments that overlap here may lie apart in what is not shown. The numbers are the centres; the marks are {map.Sample.Length} customers drawn at random, without names.",
            $"客户差异最大的平面，展示了全部差异的 {shown}；图上重叠的群在未展示的方向上可能是分开的。数字为各群中心；小点为随机抽取的 {map.Sample.Length} 位客户，不含身份。"));
        if (map.Sample.Length == 0) return;
        sheet.Figure(sheet.T($"To the right: {Axis(sheet, 0)}. Upwards: {Axis(sheet, 1)}. Colour and shape of a mark: its segment, as in the upper right corner.", $"向右：{Axis(sheet, 0)}。向上：{Axis(sheet, 1)}。小点的颜色与形状表示所属的群，见右上角。"), () => ReportCharts.Map(
            sheet.Html, "map", sheet.T("Map of customers and centres", "客户与中心分布图"), sheet.T("Numbers are the centres of the segments; small marks are customers", "数字为各群中心，小点为客户"),
            map, [.. report.Segments.Select((_, s) => ReportSheet.Number(s))], (sheet.T($"axis 1: {ReportFormat.Share(map.Shares[0])}", $"轴 1：{ReportFormat.Share(map.Shares[0])}"), sheet.T($"axis 2: {ReportFormat.Share(map.Shares[1])}", $"轴 2：{ReportFormat.Share(map.Shares[1])}"))));
    }

    // The three features that weigh most on an axis, and which way.
    private static string Axis(ReportSheet sheet, int axis)
    {
        var weights = sheet.Report.Map.Axes[axis];
        return string.Join(sheet.T(", ", "、"), Enumerable.Range(0, weights.Length).Where(f => Math.Abs(weights[f]) > 0.3).OrderByDescending(f => Math.Abs(weights[f])).Take(3)
            .Select(f => (weights[f] > 0 ? sheet.T("more ", "更多的") : sheet.T("less ", "更少的")) + SegmentTitles.Feature(BehaviourTable.Features[f], sheet.Language)).DefaultIfEmpty("–"));
    }

    private static void Spread(ReportSheet sheet)
    {
        var report = sheet.Report;
        sheet.Html.Element("h3", sheet.T("How alike customers of a segment are", "群内一致性"));
        int[] features = [.. Enumerable.Range(0, BehaviourTable.Features.Count).Where(f => report.Segments.Any(s => s.Spread?[f] > 0))];
        sheet.Table(
            sheet.T("Separation: 1, each customer stands at the centre of the segment; 0, as near to the next one (simplified silhouette). The other columns: spread within, as a multiple of the spread among all customers.", "分离度：1 表示客户都在本群中心；0 表示离邻群同样近（简化轮廓系数）。其余各列：群内离散程度，为全体离散程度的倍数。"),
            [sheet.T("Segment", "分群"), sheet.T("Separation", "分离度"), .. features.Select(f => SegmentTitles.Feature(BehaviourTable.Features[f], sheet.Language))],
            report.Segments.Select((x, s) => (IReadOnlyList<string>)[sheet.Title(s), x.Silhouette is { } own ? ReportFormat.Plain(own) : sheet.Few, .. features.Select(f => x.Spread?[f] is { } spread ? ReportFormat.Plain(spread) : sheet.Few)]));
        if (report.Silhouette is { } all) sheet.Paragraph(sheet.T($"Over all customers the separation is {ReportFormat.Plain(all)}.", $"全体客户的分离度为 {ReportFormat.Plain(all)}。"));
    }

    private static void Moves(ReportSheet sheet)
    {
        sheet.Html.Element("h3", sheet.T("Who moved", "群间流动"));
        if (sheet.Report.Moves is not { } moves)
        {
            sheet.Paragraph(sheet.T("The history is too short for two refits.", "历史太短，不足以重新分群两次。"));
            return;
        }

        string[] names = [.. sheet.Report.Segments.Select(x => x.Name)];
        string Name(string name) => Array.IndexOf(names, name) is >= 0 and var s ? sheet.Title(s) : SegmentTitles.Of(name, sheet.Language);
        string Short(string name) => Array.IndexOf(names, name) is >= 0 and var s ? ReportSheet.Number(s) : SegmentTitles.Of(name, sheet.Language);
        int[] rows = Order(moves.From), columns = Order(moves.To);
        sheet.Table(
            sheet.T(
                $"Customers by segment on {ReportFormat.Day(moves.FromMs)} (rows) and on {ReportFormat.Day(moves.ToMs)} (columns), at two refits made to measure stability; those at a border stay where they were, so that sizes may differ from those above.",
                $"客户在 {ReportFormat.Day(moves.FromMs)}（行）与 {ReportFormat.Day(moves.ToMs)}（列）所属的群；取自为衡量稳定性而做的两次重新分群，边界上的客户保持原群，故规模可能与上文不同。"),
            [sheet.T("From \\ to", "从 \\ 到"), .. columns.Select(c => Short(moves.To[c]))],
            [
                .. rows.Select(r => (IReadOnlyList<string>)[Name(moves.From[r]), .. columns.Select(c => sheet.Count(SmallGroups.Shown(moves.Counts[r][c])))]),
                [sheet.T("First purchase in between", "期间首次购买"), .. columns.Select(c => sheet.Count(SmallGroups.Shown(moves.Joined[c])))],
            ]);

        // As the segments stand in the report; what it does not have comes last.
        int[] Order(string[] of) => [.. Enumerable.Range(0, of.Length).OrderBy(i => Array.IndexOf(names, of[i]) is >= 0 and var s ? s : int.MaxValue)];
    }
}
