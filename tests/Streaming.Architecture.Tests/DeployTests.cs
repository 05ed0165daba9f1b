using System.Text.RegularExpressions;

namespace Streaming.Architecture.Tests;

/// <summary>What the files for operation must say, whatever else they say.</summary>
public sealed partial class DeployTests
{
    [Fact]
    public void Image_has_no_diagnostics_port_and_charts_take_secrets_from_secrets_alone()
    {
        // A diagnostics port hands out memory, and with it every secret, to whoever shares the file system.
        Assert.Contains("DOTNET_EnableDiagnostics=0", File.ReadAllText(Path.Combine(Repository.Root, "deploy", "Dockerfile")), StringComparison.Ordinal);
        var charts = Directory.EnumerateFiles(Path.Combine(Repository.Root, "helm"), "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".yaml" or ".tpl").ToList();
        Assert.Contains(charts, file => File.ReadAllText(file).Contains("secretKeyRef", StringComparison.Ordinal));
        foreach (var file in charts)
        {
            foreach (Match match in SecretWithValue().Matches(File.ReadAllText(file))) Assert.Fail($"{file} gives a secret in the clear: {match.Value.Trim()}");
        }
    }

    [Fact]
    public void Alerts_and_dashboards_ask_for_metrics_that_exist()
    {
        var known = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => QuotedMetric().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        string[] asking = [Alerts, .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "helm", "streaming", "files", "dashboards"), "*.json"), Path.Combine(Repository.Root, "docs", "runbooks.md")];
        foreach (var file in asking)
        {
            var asked = Metric().Matches(File.ReadAllText(file)).Select(m => HistogramPart().Replace(m.Value, "")).Distinct().ToList();
            Assert.NotEmpty(asked);
            Assert.Equal((file, ""), (file, string.Join(", ", asked.Where(name => !known.Contains(name)))));
        }
    }

    [Fact]
    public void Each_alert_names_its_severity_and_a_page_that_names_it()
    {
        var rules = File.ReadAllText(Alerts).Split("- alert: ").Skip(1).ToList();
        var pages = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbooks.md")).Split("\n## ").Skip(1)
            .ToDictionary(page => page[..page.IndexOf('\n', StringComparison.Ordinal)].ToLowerInvariant().Replace(' ', '-'), StringComparer.Ordinal);
        Assert.True(rules.Count > 10);
        foreach (var rule in rules)
        {
            var name = rule[..rule.IndexOf('\n', StringComparison.Ordinal)];
            Assert.Matches("severity: (page|ticket)", rule);
            var page = RunbookPage().Match(rule).Groups[1].Value;
            Assert.True(pages.TryGetValue(page, out var text) && text.Contains(name, StringComparison.Ordinal), $"docs/runbooks.md#{page} does not speak of {name}");
        }
    }

    private static string Alerts => Path.Combine(Repository.Root, "helm", "streaming", "files", "alerts.yml");

    [GeneratedRegex("\"(streaming_[a-z0-9_]+)\"")]
    private static partial Regex QuotedMetric();

    [GeneratedRegex("\\bstreaming_[a-z0-9_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex(@"runbook: docs/runbooks\.md#(\S+)")]
    private static partial Regex RunbookPage();

    // A name that speaks of a secret, and a text after it that is no reference and no comment.
    [GeneratedRegex("""^(?!\s*#)[^\n#]*(password|passphrase|(?<!automountServiceAccount)token|apiKey)\w*["']?\s*[:=]\s*["']?(?!\s*\{|\s*\[|\s*$|["']?\s*$)[^\s{\[#]+""", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex SecretWithValue();
}
