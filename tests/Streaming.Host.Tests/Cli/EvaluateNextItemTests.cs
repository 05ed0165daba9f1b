using System.Text.Json;
using Streaming.Host.Cli;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class EvaluateNextItemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("next-item").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Next_item_prints_every_key_on_the_last_line()
    {
        var (code, output, error) = await RunAsync("--train", Train(), "--test", Write("test", "1 2\t3", "1\t2", "9\t1", "no tab"), "--json");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("test file, line 4: ", error, StringComparison.Ordinal);
        using var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        foreach (var key in (string[])["positions", "p20", "mrr20", "p20Repeat", "p20New", "mrr20New", "low", "high", "baselines", "trainSeconds", "peakRssMiB", "p50Ms", "p99Ms"])
            Assert.True(line.RootElement.TryGetProperty(key, out _), key);
        Assert.Equal((3, 1L), (line.RootElement.GetProperty("positions").GetInt32(), line.RootElement.GetProperty("badTestRows").GetInt64()));
        foreach (var baseline in (string[])["popular", "sPop", "itemKnn", "engine", "neighbours"]) Assert.True(line.RootElement.GetProperty("baselines").TryGetProperty(baseline, out _), baseline);
    }

    [Fact]
    public async Task Next_item_of_another_form_exits_1_and_names_the_column()
    {
        var (code, _, error) = await RunAsync("--train", Train(), "--test", Train(), "--format", "clicks");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("SessionId", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--train", "x")]
    [InlineData("--train", "-", "--test", "-")]
    [InlineData("--train", "x", "--test", "y", "--format", "other")]
    public async Task Next_item_wrong_usage_exits_2(params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, code);
        Assert.NotEmpty(error);
    }

    private string Train() => Write("train", [.. Enumerable.Range(0, 30).Select(i => $"{(i % 3) + 1} {((i + 1) % 3) + 1} {((i + 2) % 3) + 1}")]);

    private string Write(string name, params string[] lines)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => CommandLineTests.RunAsync(["evaluate", "next-item", .. arguments]);
}
