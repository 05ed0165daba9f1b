using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Streaming.Training.Segments.Report;

namespace Streaming.Training.Tests.Segments.Report;

public sealed partial class ReportPageTests
{
    [Theory]
    [InlineData(ReportLanguage.En, 0)]
    [InlineData(ReportLanguage.Zh, 0)]
    [InlineData(ReportLanguage.En, 4)]
    [InlineData(ReportLanguage.Zh, 12)]
    public void Page_is_well_formed_and_its_tables_and_pictures_are_named(ReportLanguage language, int returners)
    {
        var page = Page(language, returners);
        var elements = Parsed(page).Descendants().ToArray();
        var ids = elements.Select(e => e.Attribute("id")?.Value).OfType<string>().ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        var named = elements.SelectMany(e => e.Attribute("aria-labelledby")?.Value.Split(' ') ?? []).Concat(elements.Select(e => e.Attribute("href")?.Value[1..]).OfType<string>());
        Assert.Empty(named.Except(ids));
        Assert.All(elements.Where(e => e.Name.LocalName == "table"), t => Assert.Equal("caption", t.Elements().First().Name.LocalName));
        var pictures = elements.Where(e => e.Name.LocalName == "svg").ToArray();
        Assert.True(pictures.Length >= 6);
        Assert.All(pictures, p => Assert.Equal(["title", "desc"], p.Elements().Take(2).Select(e => e.Name.LocalName)));
        var levels = elements.Where(e => e.Name.LocalName is ['h', >= '1' and <= '6']).Select(e => e.Name.LocalName[1] - '0').ToArray();
        Assert.All(levels.Zip(levels.Skip(1)), l => Assert.True(l.Second <= l.First + 1)); // no heading is skipped
        Assert.Equal(1, levels.Count(l => l == 1));
        var rows = elements.Where(e => e.Name.LocalName == "table").Select(t => t.Descendants().Where(e => e.Name.LocalName == "tr").Select(r => r.Elements().Count()).Distinct());
        Assert.All(rows, r => Assert.Single(r));
    }

    [Fact]
    public void Page_fetches_nothing_and_runs_nothing()
    {
        var page = Page(ReportLanguage.En, 4);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"], Address().Matches(page).Select(m => m.Value).Distinct());
        Assert.DoesNotContain(Parsed(page).Descendants().Attributes(), a => a.Name.LocalName is "src" or "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Contains("default-src &#39;none&#39;", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_from_outside_are_text()
    {
        var page = Page(ReportLanguage.En, 12);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        var shown = Parsed(page).Descendants().Where(e => e.Name.LocalName == "bdi").Select(e => e.Value).ToArray();
        Assert.Contains(SmallShop.Hostile.Replace('\u0007', '\uFFFD'), shown); // the name of an item
        Assert.Contains("rule 0", shown);
    }

    [Fact]
    public void Both_languages_say_the_same_figures()
    {
        string[] Figures(ReportLanguage language) => [.. Parsed(Page(language, 12)).Descendants().Where(e => e.Name.LocalName == "td").Select(e => e.Value).Where(v => v.Any(char.IsAsciiDigit) && !v.Any(char.IsLetter))];
        var english = Figures(ReportLanguage.En);
        Assert.True(english.Length > 50);
        Assert.Equal(english, Figures(ReportLanguage.Zh));
        Assert.Contains("lang=\"zh-CN\"", Page(ReportLanguage.Zh, 0), StringComparison.Ordinal);
        Assert.DoesNotMatch(Sentence(), Regex.Replace(Page(ReportLanguage.Zh, 12).Replace("system-ui,\"Noto Sans CJK SC\"", "", StringComparison.Ordinal), "<style>.*?</style>|<[^>]*>", " ", RegexOptions.Singleline).Replace("Cliff&#39;s delta", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Colours_can_be_told_from_the_ground_in_light_and_dark(int theme)
    {
        var roots = Root().Matches(ReportStyle.Css).Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(2, roots.Length);
        var of = Colour().Matches(roots[theme]).ToDictionary(m => m.Groups[1].Value, m => Convert.FromHexString(m.Groups[2].Value).Select(b => (double)b).ToArray());
        foreach (var name in (string[])["text", "quiet", "a"]) Assert.InRange(Contrast(of[name], of["ground"]), 4.5, 21);
        foreach (var name in (string[])["text", "quiet"]) Assert.InRange(Contrast(of[name], of["raised"]), 4.5, 21);
        foreach (var name in (string[])["a", "b", "s0", "s1", "s2", "s3", "s4", "s5"]) Assert.InRange(Contrast(of[name], of["ground"]), 3, 21);
        foreach (var name in (string[])["more", "less"]) Assert.InRange(Contrast(of["text"], [.. of[name].Zip(of["ground"], (x, y) => (0.55 * x) + (0.45 * y))]), 4.5, 21);
    }

    [Fact]
    public void Writer_escapes_text_and_attributes_and_drops_what_xml_cannot_hold()
    {
        var bytes = new HtmlWriter().Open("p", ("title", "\"'<&>\n\u0001"), ("class", null)).Text("<b>&\ud800\u0000\uFFFE🙂").Close().Bytes();
        Assert.Equal("<!DOCTYPE html>\n<p title=\"&quot;&#39;&lt;&amp;&gt; \uFFFD\">&lt;b&gt;&amp;\uFFFD\uFFFD\uFFFD🙂</p>\n", Encoding.UTF8.GetString(bytes));
        Assert.Throws<InvalidOperationException>(() => new HtmlWriter().Open("p").Bytes());
        Assert.Throws<ArgumentException>(() => new HtmlWriter().Style("</style>"));
    }

    private static string Page(ReportLanguage language, int returners) =>
        Encoding.UTF8.GetString(ReportPage.Write(SmallShop.Report(returners, SegmentReportTests.Rules("orders > 1", "segment = 'no such' or amount > 4"), moves: SmallShop.Moves()), "v", language));

    private static XElement Parsed(string page) => XElement.Parse(page["<!DOCTYPE html>\n".Length..]);

    private static double Contrast(double[] a, double[] b)
    {
        double Light(double[] rgb)
        {
            double[] linear = [.. rgb.Select(c => c / 255 <= 0.04045 ? c / 255 / 12.92 : Math.Pow(((c / 255) + 0.055) / 1.055, 2.4))];
            return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
        }

        var (x, y) = (Light(a), Light(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    [GeneratedRegex("https?://[^\"]+")]
    private static partial Regex Address();

    [GeneratedRegex("[A-Za-z]{3,} [a-z]{2,} [a-z]{2,} [a-z]{2,}")]
    private static partial Regex Sentence();

    [GeneratedRegex(@":root\{([^}]*)\}")]
    private static partial Regex Root();

    [GeneratedRegex("--(\\w+):#([0-9a-f]{6})")]
    private static partial Regex Colour();
}
