using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Score;
using Streaming.Training.Onnx;

namespace Streaming.Onnx.Tests.Score;

/// <summary>A hundred swaps (M9 of docs/fault-model-models.md).</summary>
public sealed class ModelSwapTests(ITestOutputHelper output)
{
    private const int Swaps = 100, Workers = 4, WarmUp = 20, WideFloats = 1 << 20;

    private static readonly OnnxScorerOptions Options = new() { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = 64, MaxQueuedRows = 4096, MaxWait = TimeSpan.Zero };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hundred_swaps_under_load_each_answer_is_of_one_model_and_names_it()
    {
        var models = new[] { TestModels.FirstColumn(1), TestModels.FirstColumn(2) };
        using var one = new TestFolder().With(models[0], TestModels.Manifest(models[0], "1"));
        using var two = new TestFolder().With(models[1], TestModels.Manifest(models[1], "2"));
        using var scorer = new OnnxScorer(Options, TimeProvider.System, NullLogger.Instance);
        scorer.Use(ModelLoader.Load(one.Path, Options));
        using var end = new CancellationTokenSource();
        var workers = Enumerable.Range(0, Workers).Select(w => Task.Run(() => ScoreAsync(scorer, w, end.Token))).ToArray();
        for (var swap = 1; swap <= Swaps; swap++)
        {
            scorer.Use(ModelLoader.Load((swap % 2 == 0 ? one : two).Path, Options));
            // The swap is seen: a request that begins now is answered by the new model.
            var request = TestModels.Request(1);
            Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, Stop));
            Assert.Equal(swap % 2 == 0 ? 1f : 2f, request.Scores.Span[0]);
        }

        await end.CancelAsync();
        var answers = (await Task.WhenAll(workers)).Aggregate((a, b) => (a.One + b.One, a.Two + b.Two));
        output.WriteLine($"{Swaps} swaps; {answers.One} answers of model 1, {answers.Two} of model 2, none mixed or misnamed");
        Assert.True(answers.One > 0 && answers.Two > 0);
    }

    [Fact]
    public async Task Hundred_swaps_leave_memory_and_handles_where_they_were()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "resident memory is read from /proc");
        using var folder = new TestFolder().With(Wide());
        using var scorer = new OnnxScorer(Options with { MaxBatchRows = 4 }, TimeProvider.System, NullLogger.Instance);
        await SwapAsync(scorer, folder, WarmUp);
        var (resident, managed, handles) = Held();
        await SwapAsync(scorer, folder, Swaps);
        var (residentAfter, managedAfter, handlesAfter) = Held();
        output.WriteLine($"{Swaps} swaps of a model of 4 MiB: resident {resident >> 20} -> {residentAfter >> 20} MiB, managed {managed >> 10} -> {managedAfter >> 10} KiB, handles {handles} -> {handlesAfter}, sessions {LoadedModel.Live}");
        // A leak of one copy a swap would be 400 MiB: a quarter of that is beyond any noise.
        Assert.InRange(residentAfter - resident, long.MinValue, 100L << 20);
        Assert.InRange(managedAfter - managed, long.MinValue, 40L << 20);
        Assert.InRange(handlesAfter - handles, int.MinValue, 10);
    }

    private static async Task SwapAsync(OnnxScorer scorer, TestFolder folder, int times)
    {
        for (var i = 0; i < times; i++)
        {
            scorer.Use(ModelLoader.Load(folder.Path, Options with { MaxBatchRows = 4 }));
            Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(TestModels.Request(1), Stop));
        }
    }

    private static async Task<(int One, int Two)> ScoreAsync(OnnxScorer scorer, int worker, CancellationToken end)
    {
        var (one, two) = (0, 0);
        var request = new ScoreRequest { Deadline = TimeSpan.FromMinutes(10) };
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            request.Resize(1 + (i % 100)); // also more rows than one run takes
            request.Features.Span.Clear();
            for (var r = 0; r < request.Rows; r++) request.Features.Span[r * TestModels.F] = 1 + (worker * 1000) + r;
            Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, Stop));
            var factor = request.Scores.Span[0] / (1 + (worker * 1000));
            for (var r = 0; r < request.Rows; r++) Assert.Equal(factor * (1 + (worker * 1000) + r), request.Scores.Span[r]);
            Assert.Equal("test/" + factor.ToString(CultureInfo.InvariantCulture), request.ModelVersion);
            if (factor == 1) one++;
            else two++;
        }

        return (one, two);
    }

    private static (long Resident, long Managed, int Handles) Held()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        var pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);
        return (pages * Environment.SystemPageSize, managed, Directory.GetFiles("/proc/self/fd").Length);
    }

    /// <summary>score = first feature, beside 4 MiB of weights that count for nothing.</summary>
    private static byte[] Wide()
    {
        var weights = new float[TestModels.F];
        weights[0] = 1;
        var width = WideFloats / TestModels.F;
        return new OnnxGraph("wide").Input("features", -1, TestModels.F).Floats("w", weights, TestModels.F, 1).Floats("wide", new float[TestModels.F * width], TestModels.F, width).Integers("axes", [1], 1)
            .Node("MatMul", "first", "features", "w").Node("MatMul", "rest", "features", "wide").Node("ReduceSum", "nothing", "rest", "axes").Node("Add", "score", "first", "nothing").Output("score", -1, 1).ToBytes();
    }
}
