using System.Text.RegularExpressions;

namespace Streaming.Architecture.Tests;

/// <summary>The alerts of helm/streaming/files/alerts.yml, by promtool and the series of Alerts/alerts.test.yml.</summary>
public sealed partial class AlertTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Streaming.Architecture.Tests", "Alerts");
    private static readonly string Series = Path.Combine(Folder, "alerts.test.yml");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_alert_is_seen_to_fire_and_to_keep_silent()
    {
        var alerts = Alert().Matches(File.ReadAllText(Path.Combine(Repository.Root, "helm", "streaming", "files", "alerts.yml"))).Select(m => m.Groups[1].Value).Order().ToList();
        var cases = File.ReadAllText(Series);
        Assert.True(alerts.Count > 10);
        Assert.Equal(alerts, Fires().Matches(cases).Select(m => m.Groups[1].Value).Distinct().Order());
        Assert.Equal(alerts, IsSilent().Matches(cases).Select(m => m.Groups[1].Value).Distinct().Order());
    }

    [Fact]
    public async Task Alerts_fire_where_they_must_and_nowhere_else()
    {
        var (code, output) = await Tool.PromTool.RunAsync(Folder, Stop, "test", "rules", Path.GetFileName(Series));
        Assert.True(code == 0, output);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"alertname: (\w+)\r?\n\s+exp_alerts:(?! \[\])")]
    private static partial Regex Fires();

    [GeneratedRegex(@"alertname: (\w+), exp_alerts: \[\]")]
    private static partial Regex IsSilent();
}
