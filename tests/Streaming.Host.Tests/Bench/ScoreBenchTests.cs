using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Host.Cli;
using Streaming.Host.Engine;
using Streaming.Host.Tests.Cli;
using Xunit;

namespace Streaming.Host.Tests.Bench;

/// <summary>Tiny runs: what is counted must agree; how fast it was is nobody's business here.</summary>
public sealed class ScoreBenchTests
{
    [Fact]
    public async Task Stage_and_bare_model_score_the_rows_asked_for()
    {
        var result = await new ScoreBench(new ScoreBenchOptions { ModelFolder = ShippedModel.Folder, Rows = 4_000, BatchRows = 64, Callers = 2, RequestRows = 20 }).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4_000, result.Rows);
        Assert.StartsWith("ranker/", result.Model);
        Assert.True(result is { RowsPerSecond: > 0, BareRowsPerSecond: > 0, MeanBatchRows: > 0, RunShare: > 0, FillMicrosecondsPerRow: > 0 }, result.ToString());
        Assert.True(result.Request.P50 <= result.Request.P99);
        Assert.Equal(result.RowsPerSecond / result.BareRowsPerSecond, result.Ratio);
    }

    [Fact]
    public async Task Request_larger_than_a_run_is_scored_in_slices()
    {
        var result = await new ScoreBench(new ScoreBenchOptions { ModelFolder = ShippedModel.Folder, Rows = 1, BatchRows = 50, Callers = 1, RequestRows = 220 }).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(20 * 220, result.Rows);
    }

    [Fact]
    public async Task Last_line_is_one_object_with_both_rates()
    {
        var (code, output, error) = await CommandLineTests.RunAsync("bench", "score", "--rows", "400", "--batch", "40", "--callers", "1", "--request-rows", "20", "--json");
        Assert.Equal((ExitCode.Done, ""), (code, code == ExitCode.Done ? "" : error));
        using var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        foreach (var key in (string[])["rows", "batchRows", "rowsPerSecond", "bareRowsPerSecond", "ratio", "p50Ms", "p99Ms"]) Assert.Equal(JsonValueKind.Number, line.RootElement.GetProperty(key).ValueKind);
    }

    [Fact]
    public async Task Folder_without_a_model_is_told_and_exits_1()
    {
        var folder = Directory.CreateTempSubdirectory("streaming-tests-");
        try
        {
            var (code, _, error) = await CommandLineTests.RunAsync("bench", "score", "--rows", "400", "--model", folder.FullName);
            Assert.Equal(ExitCode.Failed, code);
            Assert.Contains("has no model", error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
