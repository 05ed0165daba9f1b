using static Streaming.Training.Segments.Report.HtmlWriter;

namespace Streaming.Training.Segments.Report;

/// <summary>The report's pictures as SVG; every figure in them stands in a table too.</summary>
internal static class ReportCharts
{
    private const int Width = 680, Row = 26;

    /// <summary>Opens a picture with its title and description.</summary>
    public static HtmlWriter Begin(HtmlWriter html, string id, string title, string about, double height) => html
        .Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", $"0 0 {Width} {At(height)}"), ("role", "img"), ("aria-labelledby", $"{id}-t {id}-d"))
        .Element("title", title, ("id", $"{id}-t")).Element("desc", about, ("id", $"{id}-d"));

    /// <summary>Two bars a segment: share of customers, and of value.</summary>
    public static void Bars(HtmlWriter html, string id, string title, string about, IReadOnlyList<(string Label, double? First, double? Second)> rows, string hidden)
    {
        const int Left = 60, Room = 500;
        Begin(html, id, title, about, (rows.Count * 44) + 8);
        for (var i = 0; i < rows.Count; i++)
        {
            var top = 6 + (i * 44);
            Label(html, Left - 10, top + 20, rows[i].Label, "end");
            Bar(top, rows[i].First, "a");
            Bar(top + 18, rows[i].Second, "b");
        }

        html.Close();

        void Bar(double top, double? share, string kind)
        {
            if (share is { } of) html.Empty("rect", ("x", At(Left)), ("y", At(top)), ("width", At(Math.Max(1, of * Room))), ("height", "14"), ("class", kind));
            Label(html, Left + ((share ?? 0) * Room) + 6, top + 12, share is { } s ? ReportFormat.Share(s) : hidden, "start");
        }
    }

    /// <summary>A box a row from the lower to the upper quartile, the median as a line in it.</summary>
    public static void Boxes(HtmlWriter html, string id, string title, string about, IReadOnlyList<(string Label, Quartiles? Of)> rows, ReportUnit unit, string hidden)
    {
        const int Left = 60, Room = 380;
        double Scaled(double value) => unit == ReportUnit.Share ? value : Math.Log(1 + value);
        var known = rows.Where(r => r.Of is not null).Select(r => r.Of!).ToArray();
        var (low, high) = known.Length == 0 ? (0, 1) : (Scaled(known.Min(q => q.Lower)), Scaled(known.Max(q => q.Upper)));
        double X(double value) => Left + (high > low ? (Scaled(value) - low) / (high - low) * Room : 0);
        Begin(html, id, title, about, (rows.Count * Row) + 8);
        for (var i = 0; i < rows.Count; i++)
        {
            var top = 4 + (i * Row);
            Label(html, Left - 10, top + 16, rows[i].Label, "end");
            if (rows[i].Of is { } q)
            {
                html.Empty("rect", ("x", At(X(q.Lower))), ("y", At(top + 3)), ("width", At(Math.Max(1, X(q.Upper) - X(q.Lower)))), ("height", "16"), ("class", i == 0 ? "all" : "box"));
                html.Empty("rect", ("x", At(X(q.Median) - 1.5)), ("y", At(top)), ("width", "3"), ("height", "22"), ("class", "median"));
            }

            Label(html, Left + Room + 12, top + 16, rows[i].Of is { } of ? $"{ReportFormat.Value(of.Median, unit)} ({ReportFormat.Value(of.Lower, unit)} – {ReportFormat.Value(of.Upper, unit)})" : hidden, "start");
        }

        html.Close();
    }

    /// <summary>Effects, a segment a row: the stronger, the deeper the colour, with the figure in each cell.</summary>
    public static void HeatMap(HtmlWriter html, string id, string title, string about, IReadOnlyList<string> columns, IReadOnlyList<(string Label, IReadOnlyList<Effect?> Of)> rows)
    {
        const int Left = 44, Top = 54;
        var cell = (Width - Left) / (double)Math.Max(1, columns.Count);
        Begin(html, id, title, about, Top + (rows.Count * 34));
        for (var c = 0; c < columns.Count; c++)
        {
            var lines = Split(columns[c]);
            for (var l = 0; l < lines.Length; l++) html.Element("text", lines[l], ("x", At(Left + ((c + 0.5) * cell))), ("y", At(Top - 8 - ((lines.Length - 1 - l) * 13))), ("text-anchor", "middle"), ("class", "small"));
        }

        for (var r = 0; r < rows.Count; r++)
        {
            var top = Top + (r * 34);
            Label(html, Left - 10, top + 21, rows[r].Label, "end");
            for (var c = 0; c < columns.Count; c++)
            {
                var effect = rows[r].Of[c];
                html.Empty("rect", ("x", At(Left + (c * cell) + 1)), ("y", At(top + 1)), ("width", At(cell - 2)), ("height", "32"), ("class", effect is null ? "none" : effect.Delta >= 0 ? "more" : "less"), ("fill-opacity", ReportFormat.Plain(effect is null ? 1 : 0.55 * Math.Abs(effect.Delta))));
                Label(html, Left + ((c + 0.5) * cell), top + 21, effect is null ? "–" : ReportFormat.Delta(effect.Delta), "middle");
            }
        }

        html.Close();
    }

    /// <summary>Customers as small marks, centres as numbers; segments differ in colour and in shape.</summary>
    public static void Map(HtmlWriter html, string id, string title, string about, SegmentMap map, IReadOnlyList<string> labels, (string X, string Y) axes)
    {
        const int Height = 480, Edge = 44;
        var shown = map.Sample.Select(p => (p.X, p.Y)).Concat(map.Centres.OfType<(double X, double Y)>()).ToArray();
        var (left, right, low, high) = (shown.Min(p => p.X), shown.Max(p => p.X), shown.Min(p => p.Y), shown.Max(p => p.Y));
        double X(double x) => Edge + (right > left ? (x - left) / (right - left) * (Width - (2 * Edge)) : 0);
        double Y(double y) => Height - Edge - (high > low ? (y - low) / (high - low) * (Height - (2 * Edge)) : 0);
        Begin(html, id, title, about, Height);
        html.Empty("rect", ("x", "1"), ("y", "1"), ("width", At(Width - 2)), ("height", At(Height - 2)), ("class", "frame"));
        foreach (var (x, y, segment) in map.Sample) Mark(html, Math.Round(X(x)), Math.Round(Y(y)), segment);
        for (var s = 0; s < map.Centres.Length; s++)
        {
            if (map.Centres[s] is not { } centre) continue;
            var (x, y) = (X(centre.X), Y(centre.Y));
            Mark(html, Width - 24 - (34 * (map.Centres.Length - 1 - s)), 16, s);
            Label(html, Width - 17 - (34 * (map.Centres.Length - 1 - s)), 20, labels[s], "start");
            html.Empty("circle", ("cx", At(x)), ("cy", At(y)), ("r", "13"), ("class", "centre"));
            html.Element("text", labels[s], ("x", At(x)), ("y", At(y + 5)), ("text-anchor", "middle"), ("class", "number"));
        }

        Label(html, Width - 8, Height - 8, axes.X, "end");
        html.Element("text", axes.Y, ("x", "8"), ("y", "18"), ("class", "small"));
        html.Close();
    }

    private static void Mark(HtmlWriter html, double x, double y, int segment)
    {
        var kind = $"p s{segment % 6}";
        switch (segment % 4)
        {
            case 0: html.Empty("circle", ("cx", At(x)), ("cy", At(y)), ("r", "3"), ("class", kind)); break;
            case 1: html.Empty("rect", ("x", At(x - 2.5)), ("y", At(y - 2.5)), ("width", "5"), ("height", "5"), ("class", kind)); break;
            case 2: html.Empty("path", ("d", $"M{At(x)} {At(y - 3.5)}l3.5 6h-7z"), ("class", kind)); break;
            default: html.Empty("path", ("d", $"M{At(x)} {At(y - 3.8)}l3.8 3.8l-3.8 3.8l-3.8 -3.8z"), ("class", kind)); break;
        }
    }

    private static void Label(HtmlWriter html, double x, double y, string text, string anchor) => html.Element("text", text, ("x", At(x)), ("y", At(y)), ("text-anchor", anchor), ("class", "small"));

    // A heading in lines of about ten letters; Chinese, which has no blanks, in equal lines of six signs at most.
    private static string[] Split(string text)
    {
        if (text[0] > 0x2E80) return [.. text.Chunk((int)Math.Ceiling(text.Length / Math.Ceiling(text.Length / 6.0))).Select(c => new string(c))];
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + word.Length < 11) lines[^1] += " " + word;
            else lines.Add(word);
        }

        return [.. lines];
    }
}
