using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Streaming.Core.Score;

namespace Streaming.Onnx.Tests.Score;

public sealed class OnnxScorerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly OnnxScorerOptions Options = new() { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = 64, MaxQueuedRows = 1024, MaxWait = TimeSpan.FromMilliseconds(5) };

    /// <summary>Under a clock that stands still the scoring thread waits until a test moves it.</summary>
    private static readonly OnnxScorerOptions Patient = Options with { MaxWait = TimeSpan.FromMilliseconds(100), MaxBatchRows = 1000, MaxQueuedRows = 4096 };

    [Fact]
    public async Task Score_without_model_says_no_model()
    {
        using var scorer = new OnnxScorer(Options, TimeProvider.System, NullLogger.Instance);
        Assert.Equal(ScoreOutcome.NoModel, await scorer.ScoreAsync(TestModels.Request(1), Stop));
        Assert.Null(scorer.ModelVersion);
        Assert.Null(scorer.Status.Provider);
    }

    [Fact]
    public async Task Score_joined_requests_equal_single_ones()
    {
        var requests = Enumerable.Range(0, 40).Select(i => TestModels.Request([.. Enumerable.Range(0, 1 + (i % 23)).Select(r => (i * 100f) + r)])).ToArray();
        using var runs = new MetricSum("streaming_score_batch_requests");
        using var scorer = With(TestModels.FirstColumn(2), Options with { MaxWait = TimeSpan.FromMilliseconds(50), MaxBatchRows = 1000, MaxQueuedRows = 4096 });
        var outcomes = await Task.WhenAll(requests.Select(r => scorer.ScoreAsync(r, Stop).AsTask()));
        Assert.All(outcomes, o => Assert.Equal(ScoreOutcome.Scored, o));
        for (var i = 0; i < requests.Length; i++)
        {
            for (var r = 0; r < requests[i].Rows; r++) Assert.Equal(2 * ((i * 100f) + r), requests[i].Scores.Span[r]);
        }

        Assert.Equal(40, runs.Value);
    }

    [Fact]
    public async Task Score_request_larger_than_a_batch_is_sliced()
    {
        using var scorer = With(TestModels.FirstColumn());
        var request = TestModels.Request([.. Enumerable.Range(0, 333).Select(i => (float)i)]);
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, Stop));
        Assert.Equal(Enumerable.Range(0, 333).Select(i => (float)i), request.Scores.ToArray());
    }

    [Fact]
    public async Task Score_empty_request_is_scored()
    {
        using var scorer = With(TestModels.FirstColumn());
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(TestModels.Request(), Stop));
    }

    [Fact]
    public async Task Score_output_not_finite_becomes_nan_and_is_counted()
    {
        using var counted = new MetricSum("streaming_score_nonfinite_outputs_total");
        using var scorer = With(TestModels.LogOfFirstColumn());
        var request = TestModels.Request(1, -1, 0, 2);
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, Stop));
        Assert.Equal(0f, request.Scores.Span[0]);
        Assert.True(float.IsNaN(request.Scores.Span[1]));
        Assert.True(float.IsNaN(request.Scores.Span[2]));
        Assert.True(float.IsFinite(request.Scores.Span[3]));
        await Eventually(() => counted.Value == 2);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task Score_input_not_finite_is_taken_as_zero_and_counted(float value)
    {
        using var counted = new MetricSum("streaming_score_nonfinite_inputs_total");
        using var scorer = With(TestModels.FirstColumn());
        var request = TestModels.Request(5, value, 7);
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, Stop));
        Assert.Equal([5f, 0f, 7f], request.Scores.ToArray());
        await Eventually(() => counted.Value == 1);
    }

    [Fact]
    public async Task Score_failing_run_ends_failed_and_service_goes_on()
    {
        using var counted = new MetricSum("streaming_score_run_failures_total");
        using var scorer = With(TestModels.Lookup());
        Assert.Equal(ScoreOutcome.Failed, await scorer.ScoreAsync(TestModels.Request(99), Stop));
        Assert.Equal(1, counted.Value);
        var good = TestModels.Request(2);
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(good, Stop));
        Assert.Equal(12f, good.Scores.Span[0]);
    }

    [Fact]
    public async Task Score_past_its_deadline_ends_with_deadline()
    {
        var time = new FakeTimeProvider();
        using var scorer = With(TestModels.FirstColumn(), Patient, time);
        var late = TestModels.Request(1);
        late.Deadline = TimeSpan.FromMilliseconds(10);
        var patient = TestModels.Request(2);
        var ending = scorer.ScoreAsync(late, Stop).AsTask();
        var staying = scorer.ScoreAsync(patient, Stop).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(ScoreOutcome.Deadline, await ending);
        Assert.False(staying.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(ScoreOutcome.Scored, await staying);
        Assert.Equal(2f, patient.Scores.Span[0]);
    }

    [Fact]
    public async Task Score_without_time_ends_with_deadline_at_once()
    {
        using var scorer = With(TestModels.FirstColumn());
        var request = TestModels.Request(1);
        request.Deadline = TimeSpan.Zero;
        Assert.Equal(ScoreOutcome.Deadline, await scorer.ScoreAsync(request, Stop));
    }

    [Fact]
    public async Task Score_with_full_queue_is_shed()
    {
        var time = new FakeTimeProvider();
        using var scorer = With(TestModels.FirstColumn(), Patient with { MaxBatchRows = 100, MaxQueuedRows = 100 }, time);
        var first = scorer.ScoreAsync(TestModels.Request(new float[60]), Stop).AsTask();
        Assert.Equal(ScoreOutcome.Shed, await scorer.ScoreAsync(TestModels.Request(new float[60]), Stop));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(ScoreOutcome.Scored, await first);
    }

    [Fact]
    public async Task Score_cancelled_throws_and_service_goes_on()
    {
        var time = new FakeTimeProvider();
        using var scorer = With(TestModels.FirstColumn(), Patient, time);
        using var cancel = new CancellationTokenSource();
        var waiting = scorer.ScoreAsync(TestModels.Request(1), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = scorer.ScoreAsync(TestModels.Request(1), Stop).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(ScoreOutcome.Scored, await next);
    }

    [Fact]
    public async Task Score_from_many_threads_gives_each_its_own_scores()
    {
        using var scorer = With(TestModels.FirstColumn(), Options with { MaxWait = TimeSpan.Zero, MaxQueuedRows = 16_777_216 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var request = new ScoreRequest();
            for (var i = 0; i < 300; i++)
            {
                var isImpatient = i % 10 == 0;
                request.Deadline = TimeSpan.FromSeconds(isImpatient ? 0.0005 : 60);
                request.Resize(1 + (i % 90));
                request.Features.Span.Clear();
                for (var r = 0; r < request.Rows; r++) request.Features.Span[r * TestModels.F] = (worker * 1_000_000) + (i * 100) + r;
                var outcome = await scorer.ScoreAsync(request, Stop);
                // Half a millisecond may pass while it waits, or have passed in the run before it.
                if (isImpatient && outcome is (ScoreOutcome.Deadline or ScoreOutcome.Shed)) continue;
                Assert.Equal(ScoreOutcome.Scored, outcome);
                for (var r = 0; r < request.Rows; r++) Assert.Equal((worker * 1_000_000) + (i * 100) + r, request.Scores.Span[r]);
            }
        })));
    }

    [Fact]
    public async Task Use_100_reloads_leave_no_session_behind()
    {
        var before = LoadedModel.Live;
        using var folder = new TestFolder().With(TestModels.FirstColumn());
        using (var scorer = new OnnxScorer(Options, TimeProvider.System, NullLogger.Instance))
        {
            for (var i = 0; i < 100; i++)
            {
                scorer.Use(ModelLoader.Load(folder.Path, Options));
                if (i % 3 == 0) Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(TestModels.Request(1), Stop));
                Assert.InRange(LoadedModel.Live, before, before + 3);
            }
        }

        Assert.Equal(before, LoadedModel.Live);
    }

    [Fact]
    public async Task Dispose_ends_what_waits()
    {
        var scorer = With(TestModels.FirstColumn(), Patient, new FakeTimeProvider());
        var waiting = scorer.ScoreAsync(TestModels.Request(1), Stop).AsTask();
        scorer.Dispose();
        Assert.Equal(ScoreOutcome.Scored, await waiting);
        Assert.Equal(ScoreOutcome.NoModel, await scorer.ScoreAsync(TestModels.Request(1), Stop));
    }

    [Fact]
    public void Status_says_provider_that_is_really_in_use()
    {
        using var scorer = With(TestModels.FirstColumn(), Options with { ExecutionProvider = ExecutionProvider.Auto });
        Assert.Equal(ExecutionProvider.Auto, scorer.Status.Requested);
        Assert.NotEqual(ExecutionProvider.Auto, scorer.Status.Provider);
        Assert.Equal("test", scorer.Status.Name);
    }

    private static OnnxScorer With(byte[] model, OnnxScorerOptions? options = null, TimeProvider? time = null)
    {
        options ??= Options;
        using var folder = new TestFolder().With(model);
        var scorer = new OnnxScorer(options, time ?? TimeProvider.System, NullLogger.Instance);
        scorer.Use(ModelLoader.Load(folder.Path, options));
        return scorer;
    }

    internal static async Task Eventually(Func<bool> holds)
    {
        for (var i = 0; i < 3000 && !holds(); i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.True(holds());
    }
}
