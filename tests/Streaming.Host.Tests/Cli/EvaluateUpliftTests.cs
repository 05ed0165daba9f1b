using System.Globalization;
using System.Text.Json;
using Streaming.Host.Cli;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class EvaluateUpliftTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public EvaluateUpliftTests()
    {
        // Every second customer is treated; who has x = 1 then buys always, others one time in five whatever is done.
        var lines = Enumerable.Range(0, 600).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i / 2 % 2},{i * 7 % 11},{(i % 2 == 1 ? "letter" : "none")},{(i % 2 == 1 && i / 2 % 2 == 1) || i / 4 % 5 == 0}"));
        File.WriteAllLines(_path, lines.Select(l => l.Replace("True", "1").Replace("False", "0")).Prepend("x,z,arm,bought"));
    }

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Evaluate_uplift_prints_the_promised_keys()
    {
        var (code, output, error) = await CommandLineTests.RunAsync("evaluate", "uplift", "--fit", _path, "--folds", "3", "--treatment", "letter", "--outcome", "bought", "--permutations", "200", "--json");
        Assert.Equal((ExitCode.Done, true), (code, error.Contains("verdict: differs", StringComparison.Ordinal)));
        using var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        foreach (var key in (string[])["qini", "qiniSe", "upliftAuc", "top30", "baselines", "verdict", "p", "smallestSpread"]) Assert.True(line.RootElement.TryGetProperty(key, out _), key);
        Assert.Equal("differs", line.RootElement.GetProperty("verdict").GetString());
        Assert.True(line.RootElement.GetProperty("baselines").TryGetProperty("column:x", out _));
    }

    [Theory]
    [InlineData("--treatment", "nobody", "--outcome", "bought")]
    [InlineData("--treatment", "letter", "--outcome", "nothing")]
    [InlineData("--treatment", "letter", "--outcome", "bought", "--folds", "1")]
    [InlineData("--treatment", "letter", "--outcome", "bought", "--permutations", "10")]
    public async Task Evaluate_uplift_wrong_values_exit_2(params string[] arguments)
    {
        var (code, _, error) = await CommandLineTests.RunAsync(["evaluate", "uplift", "--fit", _path, .. arguments]);
        Assert.Equal((ExitCode.Usage, true), (code, error.Contains("--", StringComparison.Ordinal)));
    }
}
