namespace Streaming.Architecture.Tests;

/// <summary>The chart, rendered by helm and checked against the schemas of Kubernetes.</summary>
public sealed class ChartTests
{
    private const string Consent = "config.Consent.Default=denied";

    // The newest schemas that kubectl-validate carries.
    private const string Kubernetes = "1.30";

    // Custom resources need definitions that are not here: those of the Prometheus operator are rendered by a test of their own.
    private static readonly string[] Everything = ["grafanaDashboards.enabled=true", "autoscaling.enabled=true", "persistence.enabled=true", "networkPolicy.enabled=true", "secretEnv[0].name=Http__Token", "secretEnv[0].secretName=streaming", "secretEnv[0].secretKey=token"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Chart => Path.Combine(Repository.Root, "helm", "streaming");

    [Fact]
    public async Task Chart_passes_the_linter()
    {
        var (code, output) = await Tool.Helm.RunAsync(Repository.Root, Stop, "lint", "--strict", Chart, "--set", Consent);
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Manifests_are_what_kubernetes_takes(bool everything)
    {
        var manifests = await RenderAsync(everything ? Everything : []);
        var file = Path.Combine(Path.GetTempPath(), $"streaming-chart-{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, manifests, Stop);
        try
        {
            var (code, output) = await Tool.KubectlValidate.RunAsync(Repository.Root, Stop, file, "--version", Kubernetes);
            Assert.True(code == 0, output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Dashboards_come_as_they_are_one_in_each_map()
    {
        var manifests = await RenderAsync("grafanaDashboards.enabled=true");
        var files = Directory.GetFiles(Path.Combine(Chart, "files", "dashboards"), "*.json");
        Assert.NotEmpty(files);
        foreach (var file in files) Assert.Contains($"  {Path.GetFileName(file)}: |-", manifests, StringComparison.Ordinal);
        Assert.Equal(files.Length, manifests.Split("grafana_dashboard: \"1\"").Length - 1);
        Assert.DoesNotContain("grafana_dashboard", await RenderAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scaled_workers_leave_their_number_to_the_scaler_and_its_least_are_the_seeds()
    {
        var manifests = await RenderAsync("autoscaling.enabled=true", "autoscaling.minReplicas=1", "replicas=3");
        Assert.DoesNotContain("replicas: 3", manifests, StringComparison.Ordinal);
        Assert.Contains("kind: HorizontalPodAutoscaler", manifests, StringComparison.Ordinal);
        Assert.Contains("t-streaming-0.", manifests, StringComparison.Ordinal);
        Assert.DoesNotContain("t-streaming-1.", manifests, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_of_the_prometheus_operator_are_rendered_where_they_are_asked_for()
    {
        var manifests = await RenderAsync("podMonitor.enabled=true", "prometheusRule.enabled=true", "prometheusRule.labels.release=prometheus");
        Assert.Contains("kind: PodMonitor", manifests, StringComparison.Ordinal);
        Assert.Contains("kind: PrometheusRule", manifests, StringComparison.Ordinal);
        Assert.Contains("- alert: StreamingAbsent", manifests, StringComparison.Ordinal);
        Assert.Contains("release: prometheus", manifests, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.Consent.Default=", "Consent.Default must be set")]
    [InlineData("config.Consent.Default=perhaps", "config/Consent/Default")]
    [InlineData("config.Store.Location=sqlite:/data,persistence.enabled=true", "SQLite serves one host")]
    [InlineData("config.Store.Location=sqlite:/data,replicas=1", "persistence.enabled")]
    [InlineData("config.Store.Location=sqlite:/data,persistence.enabled=true,replicas=1,autoscaling.enabled=true", "SQLite serves one host")]
    [InlineData("autoscaling.enabled=true,autoscaling.minReplicas=5", "minReplicas is above")]
    [InlineData("config.Http.Port=81", "Http")]
    [InlineData("image.digest=sha256:12", "digest")]
    [InlineData("replica=2", "replica")]
    public async Task Value_that_would_not_work_is_refused_and_named(string values, string named)
    {
        var (code, output) = await Tool.Helm.RunAsync(Repository.Root, Stop, "template", "t", Chart, "--set", Consent, "--set", values);
        Assert.True(code != 0, output);
        Assert.Contains(named, output, StringComparison.Ordinal);
    }

    private static async Task<string> RenderAsync(params string[] values)
    {
        string[] all = [Consent, .. values];
        var (code, output) = await Tool.Helm.RunAsync(Repository.Root, Stop, ["template", "t", Chart, .. all.SelectMany(v => (string[])["--set", v])]);
        Assert.True(code == 0, output);
        return output;
    }
}
