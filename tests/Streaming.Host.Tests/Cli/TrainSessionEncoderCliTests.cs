using System.Text.Json;
using Streaming.Host.Cli;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class TrainSessionEncoderCliTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("train-session-encoder").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Session_encoder_prints_the_keys_on_the_last_line_and_writes_the_folder()
    {
        var folder = Path.Combine(_folder, "model");
        var (code, output, error) = await RunAsync("--format", "sessions", "--input", Write([.. Sessions(), ""]), "--out", folder, "--seed", "3", "--json");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("input, line 61: no item", error, StringComparison.Ordinal);
        using var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(["model", "version", "metrics"], line.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("session-encoder", line.RootElement.GetProperty("model").GetString());
        foreach (var key in (string[])["p20", "mrr20", "low", "high", "popular.p20", "popular.mrr20", "plainNeighbours.p20", "plainNeighbours.mrr20", "plainNeighbours.gainLow"])
            Assert.True(line.RootElement.GetProperty("metrics").TryGetProperty(key, out _), key);
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "manifest.json"), TestContext.Current.CancellationToken));
        Assert.Equal(line.RootElement.GetProperty("version").GetString(), manifest.RootElement.GetProperty("version").GetString());
        Assert.Equal($"train session-encoder --format sessions --input sessions --seed 3 --out {folder}", manifest.RootElement.GetProperty("createdBy").GetString());
    }

    [Fact]
    public async Task Session_encoder_with_ranker_writes_it_too_and_says_where_there_is_none()
    {
        var folder = Path.Combine(_folder, "model");
        var (code, _, error) = await RunAsync("--format", "sessions", "--input", Write([.. Sessions()]), "--out", folder, "--ranker");
        Assert.Equal(ExitCode.Done, code);
        Assert.True(File.Exists(Path.Combine(folder, "ranker.onnx")), error);
        Assert.Contains("--ranker", await File.ReadAllTextAsync(Path.Combine(folder, "manifest.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (code, _, error) = await RunAsync("--format", "sessions", "--input", Write("1 2"), "--out", Path.Combine(_folder, "small"), "--ranker");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("ranker.onnx was not written", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "small", "ranker.onnx")));
    }

    [Fact]
    public async Task Session_encoder_of_clicks_exits_0_and_says_that_too_few_sessions_measure_nothing()
    {
        var (code, _, error) = await RunAsync("--format", "clicks", "--input", Write(["SessionId\tItemId\tTime", "a\t1\t10", "a\t2\t11"]), "--out", Path.Combine(_folder, "model"));
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("nothing was measured", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clicks", "SessionId", "1 2 3")]
    [InlineData("sessions", "no session")]
    [InlineData("sessions", "second click", "1", "2")]
    public async Task Session_encoder_of_nothing_to_use_exits_1_and_says_why(string format, string why, params string[] lines)
    {
        var (code, _, error) = await RunAsync("--format", format, "--input", Write(lines), "--out", Path.Combine(_folder, "model"));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_encoder_without_its_file_exits_1_and_names_it()
    {
        var (code, _, error) = await RunAsync("--format", "sessions", "--input", Path.Combine(_folder, "nowhere"), "--out", Path.Combine(_folder, "model"));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("nowhere", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format", "sessions", "--input", "x")]
    [InlineData("--format", "other", "--input", "x", "--out", "y")]
    [InlineData("--format", "sessions", "--input", "x", "--out", " ")]
    public async Task Session_encoder_wrong_usage_exits_2(params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, code);
        Assert.NotEmpty(error);
    }

    private static IEnumerable<string> Sessions() => Enumerable.Range(0, 60).Select(i => $"{(i % 5) + 1} {((i + 1) % 5) + 1} {((i + 2) % 5) + 1}");

    private string Write(params string[] lines)
    {
        var path = Path.Combine(_folder, "sessions");
        File.WriteAllLines(path, lines);
        return path;
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => CommandLineTests.RunAsync(["train", "session-encoder", .. arguments]);
}
