using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Host.Cli;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class EvaluateChurnTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public EvaluateChurnTests()
    {
        var text = new StringBuilder("cust,date\n");
        for (var c = 0; c < 40; c++)
        {
            for (var day = c % 10; day < 150; day += 10 + c) text.Append(CultureInfo.InvariantCulture, $"c{c},{new DateTime(2020, 1, 1).AddDays(day):yyyy-MM-dd}\n");
        }

        File.WriteAllText(_file, text + "broken\n");
    }

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Result_line_has_every_key_that_people_read()
    {
        var (code, output, error) = await RunAsync("2020-03-31", "30", "--alerts", "--json");
        Assert.Equal(ExitCode.Done, code);
        using var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        foreach (var key in (string[])["customers", "baseRate", "auroc", "logLoss", "ece", "eceNoise95", "calibrationInTheLarge", "slope", "ceilingAuroc", "ceilingLogLoss", "baselines", "logLossGainLow", "model", "extrapolated", "alerts"])
        {
            Assert.True(line.RootElement.TryGetProperty(key, out _), key);
        }

        Assert.Equal(40, line.RootElement.GetProperty("customers").GetInt32());
        Assert.Equal("pooled-prior", line.RootElement.GetProperty("model").GetString());
        Assert.Equal(1, line.RootElement.GetProperty("badRows").GetInt32());
        Assert.Contains("only 1 columns", error);
    }

    [Fact]
    public async Task Horizon_past_the_last_day_exits_1_and_names_the_day()
    {
        var (code, output, error) = await RunAsync("2020-03-31", "365", "--json");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("last day", error);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData("31.3.2020", "30", "--cut")]
    [InlineData("2020-03-31", "0", "HorizonDays")]
    public async Task Wrong_values_exit_2_and_are_named(string cut, string days, string named)
    {
        var (code, _, error) = await RunAsync(cut, days);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(named, error);
    }

    [Fact]
    public async Task Training_on_a_shop_that_is_too_small_exits_1_and_says_so()
    {
        await File.WriteAllTextAsync(_file, "cust,date\na,2020-01-01\nb,2020-01-05\na,2020-03-01\n", TestContext.Current.CancellationToken);
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var (code, _, error) = await CommandLineTests.RunAsync("train", "churn", "--format", "cust-date", "--input", _file, "--out", folder);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("too small", error);
        Assert.False(Directory.Exists(folder));
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string cut, string days, params string[] more) =>
        CommandLineTests.RunAsync(["evaluate", "churn", "--transactions", _file, "--format", "cust-date", "--cut", cut, "--horizon-days", days, .. more]);
}
