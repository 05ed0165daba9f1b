using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Streaming.Architecture.Tests;

/// <summary>The dashboards of helm/streaming/files/dashboards: that they can be read, and that their expressions can be evaluated. That the metrics exist is <see cref="DeployTests"/>' business.</summary>
public sealed partial class DashboardTests
{
    private const int GridWidth = 24;

    private static readonly string Folder = Path.Combine(Repository.Root, "helm", "streaming", "files", "dashboards");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Names of the files.</summary>
    public static TheoryData<string> Files { get; } = [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Each_dashboard_has_a_title_an_address_and_a_purpose_of_its_own()
    {
        var all = Files.Select(f => Read(f.Data)).ToList();
        Assert.True(all.Count >= 5);
        foreach (var property in (string[])["uid", "title", "description"])
        {
            var values = all.Select(d => d.GetProperty(property).GetString()).ToList();
            Assert.All(values, v => Assert.False(string.IsNullOrWhiteSpace(v)));
            Assert.Equal(values.Count, values.Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_panel_says_what_it_shows_and_in_which_unit(string file)
    {
        var panels = Read(file).GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        var shown = panels.Where(p => Text(p, "type") != "row").ToList();
        Assert.NotEmpty(shown);
        Assert.Equal(shown.Count, shown.Select(p => Text(p, "title")).Distinct(StringComparer.Ordinal).Count());
        foreach (var panel in shown)
        {
            var title = Text(panel, "title");
            Assert.True(Text(panel, "description").Length > 10, $"{file}: {title} does not say what it shows");
            Assert.NotEqual("", Text(panel.GetProperty("fieldConfig").GetProperty("defaults"), "unit"));
            var targets = panel.GetProperty("targets").EnumerateArray().ToList();
            Assert.NotEmpty(targets);
            Assert.Equal(targets.Count, targets.Select(t => Text(t, "refId")).Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_two_panels_share_a_place(string file)
    {
        var taken = new HashSet<(int, int)>();
        foreach (var panel in Read(file).GetProperty("panels").EnumerateArray())
        {
            var place = panel.GetProperty("gridPos");
            var (x, y, w, h) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            Assert.True(x >= 0 && w > 0 && h > 0 && x + w <= GridWidth, $"{file}: {Text(panel, "title")} lies outside");
            for (var i = 0; i < w * h; i++) Assert.True(taken.Add((x + (i % w), y + (i / w))), $"{file}: {Text(panel, "title")} lies upon another");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Variables_that_are_used_are_declared_and_the_other_way_about(string file)
    {
        var declared = Read(file).GetProperty("templating").GetProperty("list").EnumerateArray().Select(v => Text(v, "name")).Order(StringComparer.Ordinal).ToList();
        var used = Variable().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(m => m.Groups[1].Value).Where(v => !v.StartsWith("__", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(declared, used);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Expressions_are_what_prometheus_understands(string file)
    {
        var rules = new StringBuilder("groups:\n- name: panels\n  rules:\n");
        var expressions = Read(file).GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out _)).SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => Text(t, "expr")).ToList();
        // Variables stand inside of strings; the interval is a duration.
        foreach (var (i, expression) in expressions.Index()) rules.Append("  - record: panel:").Append(i).Append("\n    expr: |-\n      ").Append(expression.Replace("$__rate_interval", "5m", StringComparison.Ordinal)).Append('\n');
        var path = Path.Combine(Path.GetTempPath(), $"streaming-panels-{Guid.NewGuid():N}.yml");
        await File.WriteAllTextAsync(path, rules.ToString(), Stop);
        try
        {
            var (code, output) = await Tool.PromTool.RunAsync(Repository.Root, Stop, "check", "rules", path);
            Assert.True(code == 0, output);
            Assert.Contains($"{expressions.Count} rules found", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file))).RootElement;

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString() ?? "";

    [GeneratedRegex(@"\$\{?(\w+)\}?")]
    private static partial Regex Variable();
}
