using System.Text.Json;
using Streaming.Host.Cli;
using Streaming.Training.Sentiment;
using Xunit;

namespace Streaming.Host.Tests.Cli;

public sealed class EvaluateSentimentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sentiment").FullName;
    private readonly string _fit, _test;

    public EvaluateSentimentTests()
    {
        (_fit, _test) = (Path.Combine(_folder, "fit.csv"), Path.Combine(_folder, "test.csv"));
        var lines = Enumerable.Range(0, 90).Select(i => $"{(i % 3 == 0 ? "cheap" : "lovely")} dress number {i * 7 % 11},{(i % 3 == 0 ? 0 : 1)}").ToArray();
        File.WriteAllLines(_fit, lines[..60].Prepend("Review Text,Recommended IND"));
        File.WriteAllLines(_test, lines[60..].Prepend("Review Text,Recommended IND").Append("a broken row"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Evaluate_sentiment_prints_the_promised_keys_and_writes_the_model()
    {
        var model = Path.Combine(_folder, "model.bin");
        var (code, output, error) = await RunAsync("--fit", _fit, "--test", _test, "--format", "reviews", "--out", model, "--json");
        Assert.Equal(ExitCode.Done, code);
        using var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        var result = line.RootElement;
        foreach (var key in (string[])["auroc", "aurocLow", "aurocHigh", "accuracy", "accuracyLow", "accuracyHigh", "msPerText", "msPerTextLow", "msPerTextHigh", "baselines", "modelHash"]) Assert.True(result.TryGetProperty(key, out _), key);
        Assert.Equal((1, 1, 30), (result.GetProperty("auroc").GetDouble(), result.GetProperty("accuracy").GetDouble(), result.GetProperty("texts").GetInt32()));
        Assert.Equal(20 / 30.0, result.GetProperty("baselines").GetProperty("majority").GetProperty("accuracy").GetDouble());
        Assert.Contains("test line 32: 1 fields instead of 2", error, StringComparison.Ordinal);
        Assert.Equal(SentimentModelFile.Read(await File.ReadAllBytesAsync(model, TestContext.Current.CancellationToken)).Hash(), result.GetProperty("modelHash").GetString());
    }

    [Fact]
    public async Task Evaluate_sentiment_without_a_test_file_scores_folds()
    {
        var (code, output, _) = await RunAsync("--fit", _fit, "--folds", "3", "--format", "reviews", "--json");
        Assert.Equal(ExitCode.Done, code);
        using var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(60, line.RootElement.GetProperty("texts").GetInt32());
    }

    [Fact]
    public async Task Evaluate_sentiment_one_answer_alone_exits_1_and_says_so()
    {
        await File.WriteAllLinesAsync(_fit, Enumerable.Range(0, 40).Select(i => $"text {i},1").Prepend("Review Text,Recommended IND"), TestContext.Current.CancellationToken);
        var (code, output, error) = await RunAsync("--fit", _fit, "--test", _test, "--format", "reviews", "--json");
        Assert.Equal((ExitCode.Failed, ""), (code, output));
        Assert.Contains("nothing to tell apart", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format", "reviews", "--folds", "1")]
    [InlineData("--format", "reviews", "--test", "/nowhere/at-all.csv")]
    [InlineData("--format", "novels")]
    public async Task Evaluate_sentiment_wrong_values_exit_2(params string[] arguments)
    {
        var (code, _, error) = await RunAsync(["--fit", _fit, .. arguments]);
        Assert.Equal((ExitCode.Usage, true), (code, error.Contains(arguments[^1] == "novels" ? "novels" : arguments[^2], StringComparison.Ordinal)));
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => CommandLineTests.RunAsync(["evaluate", "sentiment", .. arguments]);
}
