using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Streaming.Core.Score;
using Streaming.Training.Onnx;

namespace Streaming.Onnx.Tests.Score;

/// <summary>Models that answer strangely, late or never (M4, M5, M6 of docs/fault-model-models.md).</summary>
public sealed class ModelRunTests
{
    private const int Endless = 2047;

    private static readonly OnnxScorerOptions Options = new() { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = 16, MaxQueuedRows = 1024, MaxWait = TimeSpan.Zero };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Score_of_equal_outputs_is_scored_as_they_are()
    {
        using var scorer = With(TestModels.FirstColumn(0));
        var request = TestModels.Request(1, 2, 3);
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, Stop));
        Assert.Equal([0f, 0f, 0f], request.Scores.ToArray());
    }

    [Theory]
    [InlineData(float.Epsilon)]
    [InlineData(-1e-40f)]
    [InlineData(1e30f)]
    [InlineData(float.MinValue)]
    public async Task Score_of_denormal_and_huge_inputs_is_finite(float value)
    {
        using var scorer = With(TestModels.FirstColumn());
        var request = TestModels.Request(value, 5);
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, Stop));
        Assert.True(float.IsFinite(request.Scores.Span[0]));
        Assert.Equal(5f, request.Scores.Span[1]);
    }

    [Fact]
    public async Task Score_that_overflows_is_nan_and_its_neighbours_are_not()
    {
        using var scorer = With(TestModels.FirstColumn(2));
        var request = TestModels.Request(float.MaxValue, 5);
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, Stop));
        Assert.True(float.IsNaN(request.Scores.Span[0]));
        Assert.Equal(10f, request.Scores.Span[1]);
    }

    /// <summary>Under a clock that the test moves, so that no time of this machine decides; the run itself would take minutes.</summary>
    [Fact]
    public async Task Run_without_end_its_callers_go_on_at_their_deadline_and_later_ones_at_once_and_it_is_stopped_at_the_end()
    {
        var time = new FakeTimeProvider();
        using var runs = new MetricSum("streaming_score_batch_requests");
        var scorer = With(Slow(), Options, time);
        var stuck = TestModels.Request(Endless);
        stuck.Deadline = TimeSpan.FromSeconds(2);
        var waiting = scorer.ScoreAsync(stuck, Stop).AsTask();
        await OnnxScorerTests.Eventually(() => runs.Value == 1);
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Equal(ScoreOutcome.Deadline, await waiting);

        // The run has lasted longer than this one would wait: it would wait for nothing.
        var next = TestModels.Request(1);
        next.Deadline = TimeSpan.FromSeconds(2);
        Assert.Equal(ScoreOutcome.Shed, await scorer.ScoreAsync(next, Stop));

        scorer.Dispose(); // returns although the run would go on
        Assert.Null(scorer.ModelVersion);
    }

    [Fact]
    public async Task Run_that_was_slow_once_the_service_scores_again_after_it()
    {
        using var scorer = With(Slow());
        var slow = TestModels.Request(300);
        slow.Deadline = TimeSpan.FromMilliseconds(1);
        _ = await scorer.ScoreAsync(slow, Stop);
        var next = TestModels.Request(1);
        await OnnxScorerTests.Eventually(() => scorer.ScoreAsync(next, Stop).AsTask().GetAwaiter().GetResult() == ScoreOutcome.Scored);
        Assert.Equal(1f, next.Scores.Span[0]);
    }

    /// <summary>score = first feature; a run multiplies matrices of that size 500 times, one after the other.</summary>
    private static byte[] Slow()
    {
        const int products = 500;
        var weights = new float[TestModels.F];
        weights[0] = 1;
        var graph = new OnnxGraph("slow").Input("features", -1, TestModels.F).Floats("w", weights, TestModels.F, 1).Integers("one", [1], 1).Integers("flat", [-1], 1)
            .Node("MatMul", "first", "features", "w").Node("ReduceMax", "most", "first").Node("Reshape", "size1", "most", "flat").Node("Cast", "size", "size1").Attribute("to", 7)
            .Node("Add", "side", "size", "one").Node("Concat", "shape", "side", "side").Attribute("axis", 0).Node("ConstantOfShape", "m0", "shape");
        for (var i = 0; i < products; i++) graph.Node("MatMul", $"m{i + 1}", $"m{i}", $"m{i}");
        return graph.Node("ReduceSum", "nothing", $"m{products}").Node("Add", "score", "first", "nothing").Output("score", -1, 1).ToBytes();
    }

    private static OnnxScorer With(byte[] model, OnnxScorerOptions? options = null, TimeProvider? time = null)
    {
        using var folder = new TestFolder().With(model);
        var scorer = new OnnxScorer(options ?? Options, time ?? TimeProvider.System, NullLogger.Instance);
        scorer.Use(ModelLoader.Load(folder.Path, options ?? Options));
        return scorer;
    }
}
