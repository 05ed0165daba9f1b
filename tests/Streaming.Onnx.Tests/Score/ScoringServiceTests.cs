using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Score;

namespace Streaming.Onnx.Tests.Score;

public sealed class ScoringServiceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static OnnxScorerOptions Options(TestFolder folder) => new() { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = 64, ModelFolder = folder.Path, PollInterval = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task Start_with_model_serves_at_once()
    {
        using var folder = new TestFolder().With(TestModels.FirstColumn());
        await using var service = ScoringService.Start(Options(folder), NullLoggerFactory.Instance, TimeProvider.System);
        Assert.Equal("test/1", service.Scorer.ModelVersion);
        Assert.Equal(ScoreOutcome.Scored, await service.Scorer.ScoreAsync(TestModels.Request(1), Stop));
    }

    [Fact]
    public async Task Start_without_folder_serves_without_model()
    {
        await using var service = ScoringService.Start(new OnnxScorerOptions(), NullLoggerFactory.Instance, TimeProvider.System);
        Assert.Null(service.Scorer.ModelVersion);
    }

    [Fact]
    public async Task New_model_in_folder_is_taken_up()
    {
        using var folder = new TestFolder();
        await using var service = ScoringService.Start(Options(folder), NullLoggerFactory.Instance, TimeProvider.System);
        Assert.Null(service.Scorer.ModelVersion);
        folder.With(TestModels.FirstColumn());
        await OnnxScorerTests.Eventually(() => service.Scorer.ModelVersion == "test/1");
        var two = TestModels.FirstColumn(2);
        folder.With(two, TestModels.Manifest(two, "2"));
        await OnnxScorerTests.Eventually(() => service.Scorer.ModelVersion == "test/2");
        var request = TestModels.Request(3);
        Assert.Equal(ScoreOutcome.Scored, await service.Scorer.ScoreAsync(request, Stop));
        Assert.Equal(6f, request.Scores.Span[0]);
    }

    [Fact]
    public async Task Refused_model_leaves_the_old_one_serving()
    {
        using var folder = new TestFolder().With(TestModels.FirstColumn());
        await using var service = ScoringService.Start(Options(folder), NullLoggerFactory.Instance, TimeProvider.System);
        var two = TestModels.FirstColumn(2);
        folder.With(two, TestModels.Manifest(two, "2") with { FeatureHash = "other" });
        // the two files are put there one after the other: a watcher may first see the new model beside the old manifest and refuse that too
        await OnnxScorerTests.Eventually(() => service.Status.LastRefusal?.Contains("hash other", StringComparison.Ordinal) == true);
        Assert.Equal("test/1", service.Scorer.ModelVersion);
        var request = TestModels.Request(3);
        Assert.Equal(ScoreOutcome.Scored, await service.Scorer.ScoreAsync(request, Stop));
        Assert.Equal(3f, request.Scores.Span[0]);
        folder.With(two, TestModels.Manifest(two, "2"));
        await OnnxScorerTests.Eventually(() => service.Scorer.ModelVersion == "test/2" && service.Status.LastRefusal is null);
    }

    [Fact]
    public async Task Symbolic_link_that_moves_on_is_taken_up()
    {
        using var one = new TestFolder().With(TestModels.FirstColumn());
        var bytes = TestModels.FirstColumn(2);
        using var two = new TestFolder().With(bytes, TestModels.Manifest(bytes, "2"));
        using var folder = new TestFolder();
        Link(folder, one);
        await using var service = ScoringService.Start(Options(folder), NullLoggerFactory.Instance, TimeProvider.System);
        Assert.Equal("test/1", service.Scorer.ModelVersion);
        Link(folder, two);
        await OnnxScorerTests.Eventually(() => service.Scorer.ModelVersion == "test/2");
    }

    private static void Link(TestFolder folder, TestFolder to)
    {
        foreach (var name in new[] { "model.onnx", "manifest.json" })
        {
            var path = Path.Combine(folder.Path, name);
            File.Delete(path);
            File.CreateSymbolicLink(path, Path.Combine(to.Path, name));
        }
    }
}
