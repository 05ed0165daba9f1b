using System.Text.Json;
using Streaming.Host.Cli;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class EvaluatePolicyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policy").FullName;

    public EvaluatePolicyTests()
    {
        // By chance a and b are clicked once and twice in ten; the target shows b three times in four.
        File.WriteAllLines(PathTo("log"), Enumerable.Range(0, 2000).Select(i => $"{i},{"ab"[i % 2]},1,{(i / 2 % 10 <= i % 2 ? 1 : 0)},0.5,x").Prepend("timestamp,item_id,position,click,propensity_score,user_feature_0"));
        File.WriteAllLines(PathTo("target"), Enumerable.Range(0, 2000).Select(i => $"{i},{(i % 4 == 0 ? "a" : "b")},1,{(i % 40 < 7 ? 1 : 0)},0.75,x").Prepend("timestamp,item_id,position,click,propensity_score,user_feature_0"));
        File.WriteAllLines(PathTo("items"), ["item_id,item_feature_0", "a,red", "b,blue"]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Evaluate_policy_prints_the_promised_keys()
    {
        var (code, output, error) = await RunAsync("--json");
        Assert.Equal((ExitCode.Done, true), (code, error.Contains("verdict: the interval covers", StringComparison.Ordinal)));
        using var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        foreach (var key in (string[])["estimate", "low", "high", "estimates", "baselines", "verdict", "covers", "effectiveRows", "largestWeight", "withoutSupport", "onPolicy", "onPolicyLow", "onPolicyHigh", "badRows"]) Assert.True(line.RootElement.TryGetProperty(key, out _), key);
        Assert.Equal(0.175, line.RootElement.GetProperty("estimates").GetProperty("selfNormalised").GetProperty("estimate").GetDouble(), 12);
        Assert.Equal(0.175, line.RootElement.GetProperty("estimate").GetDouble(), 3);
        Assert.Equal(0.15, line.RootElement.GetProperty("baselines").GetProperty("naive").GetProperty("estimate").GetDouble(), 12);
        Assert.Equal(0.175, line.RootElement.GetProperty("onPolicy").GetDouble(), 12);
    }

    [Fact]
    public async Task Evaluate_policy_without_json_writes_nothing_to_standard_output()
    {
        var (code, output, error) = await RunAsync();
        Assert.Equal((ExitCode.Done, ""), (code, output));
        foreach (var name in (string[])["doublyRobust", "selfNormalised", "ips", "naive", "the target's own"]) Assert.Contains(name, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.Usage, "--folds", "--folds", "1")]
    [InlineData(ExitCode.Usage, "--seed", "--seed", "x")]
    [InlineData(ExitCode.Failed, "target line 1: the column position is missing", "--target", "items")]
    [InlineData(ExitCode.Failed, "nowhere", "--target", "nowhere")]
    public async Task Evaluate_policy_wrong_values_and_files_are_named(int expected, string named, string option, string value)
    {
        var (code, _, error) = await RunAsync(option, value);
        Assert.Equal(expected, code);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    private string PathTo(string name) => Path.Combine(_folder, name);

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] more)
    {
        // A file named by the test takes the place of the one of its option.
        var names = new[] { "log", "target", "items" };
        var own = more.Length == 2 ? Array.FindIndex(names, name => more[0] == "--" + name) : -1;
        var files = names.SelectMany((name, i) => new[] { "--" + name, PathTo(i == own ? more[1] : name) });
        return CommandLineTests.RunAsync(["evaluate", "policy", .. files, .. own < 0 ? more : []]);
    }
}
