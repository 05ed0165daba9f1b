namespace Streaming.Training.Segments.Report;

/// <summary>What every section of the page writes with.</summary>
/// <param name="report">Figures.</param>
/// <param name="language">Language.</param>
internal sealed class ReportSheet(SegmentReport report, ReportLanguage language)
{
    /// <summary>Figures.</summary>
    public SegmentReport Report { get; } = report;

    /// <summary>Language.</summary>
    public ReportLanguage Language { get; } = language;

    /// <summary>The page.</summary>
    public HtmlWriter Html { get; } = new();

    /// <summary>What stands where a group is too small to speak of.</summary>
    public string Few => T($"fewer than {SmallGroups.Least}", $"少于 {SmallGroups.Least} 人");

    /// <summary>A phrase in the page's language.</summary>
    public string T(string english, string chinese) => Language == ReportLanguage.Zh ? chinese : english;

    /// <summary>Number of a segment, as on the charts.</summary>
    public static string Number(int segment) => ReportFormat.Count(segment + 1);

    /// <summary>Number and name of a segment in words.</summary>
    public string Title(int segment) => $"{Number(segment)} · {SegmentTitles.Of(Report.Segments[segment].Name, Language)}";

    /// <summary>A behaviour's heading; † where the segments were formed by it.</summary>
    public string Label(ReportBehaviour behaviour) => behaviour.Label.In(Language) + (behaviour.IsFormed ? " †" : "");

    /// <summary>A count, or that it is of few.</summary>
    public string Count(int? count) => count is { } n ? ReportFormat.Count(n) : Few;

    /// <summary>A share; where it is withheld although the group is large enough, that it is.</summary>
    public string Share(double? share, bool isOfFew) => share is { } s ? ReportFormat.Share(s) : isOfFew ? Few : T("not shown", "不显示");

    /// <summary>A paragraph.</summary>
    public void Paragraph(string text, string? kind = null) => Html.Element("p", text, ("class", kind));

    /// <summary>A table with its caption; the first cell of a row is its heading.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="heads">Headings.</param>
    /// <param name="rows">Cells.</param>
    /// <param name="texts">Columns of words, to be set to the left.</param>
    /// <param name="isForeign">True where the columns of text are from outside.</param>
    public void Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, int texts = 1, bool isForeign = false)
    {
        Html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption)).Open("table").Element("caption", caption).Open("thead").Open("tr");
        for (var c = 0; c < heads.Count; c++) Html.Element("th", heads[c], ("scope", "col"), ("class", c < texts ? "text" : null));
        Html.Close(2).Open("tbody");
        foreach (var row in rows)
        {
            Html.Open("tr").Open("th", ("scope", "row"));
            if (isForeign) Html.Foreign(row[0]).Close();
            else Html.Text(row[0]).Close();
            for (var c = 1; c < row.Count; c++)
            {
                if (isForeign && c < texts) Html.Open("td", ("class", "text")).Foreign(row[c]).Close();
                else Html.Element("td", row[c], ("class", c < texts ? "text" : null));
            }

            Html.Close();
        }

        Html.Close(3);
    }

    /// <summary>A picture with a line below it.</summary>
    public void Figure(string caption, Action draw)
    {
        Html.Open("figure");
        draw();
        Html.Element("figcaption", caption).Close();
    }

    /// <summary>One effect in words.</summary>
    public string Words(ReportBehaviour behaviour, double median, Effect effect)
    {
        var what = (effect.Delta > 0 ? behaviour.More : behaviour.Less).In(Language) is var w ? char.ToUpperInvariant(w[0]) + w[1..] : "";
        var (here, others) = (ReportFormat.Value(median, behaviour.Unit), ReportFormat.Value(effect.RestMedian, behaviour.Unit));
        var label = behaviour.Label.In(Language);
        return T(
            $"{what}. {label}, median: {here} here, {others} elsewhere. Of one customer from here and one from elsewhere, taken by chance, {effect.For} times in 100 it is so and {effect.Against} times the other way ({Strength(effect)} effect).",
            $"{what}。{label}中位数：本群 {here}，其他客户 {others}。从本群和其他客户中各随机取一人相比，100 次中有 {effect.For} 次如此、{effect.Against} 次相反（差异{Strength(effect)}）。");
    }

    /// <summary>How great an effect is said to be.</summary>
    public string Strength(Effect effect) => Math.Abs(effect.Delta) switch
    {
        < Effect.Negligible => T("negligible", "可忽略"),
        < Effect.Small => T("small", "小"),
        < Effect.Medium => T("medium", "中"),
        _ => T("large", "大"),
    };
}
