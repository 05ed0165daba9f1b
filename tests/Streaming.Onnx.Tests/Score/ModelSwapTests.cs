using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Score;
using Streaming.Training.Onnx;

namespace Streaming.Onnx.Tests.Score;

/// <summary>A hundred swaps (M9 of docs/fault-model-models.md).</summary>
public sealed class ModelSwapTests(ITestOutputHelper output)
{
    private const int Swaps = 100, Workers = 4, WarmUp = 40, WideFloats = 1 << 20, SwapsOfReading = 5, MaxHandles = 10;

    // A swap that left one of its copies of the 4 MiB of weights, or a quarter of one, would rise faster.
    private const double MaxResidentMiB = 0.5, MaxManagedMiB = 0.05;

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
        var (resident, managed, handles) = await RiseAsync(() => { });
        Assert.InRange(resident, double.NegativeInfinity, MaxResidentMiB);
        Assert.InRange(managed, double.NegativeInfinity, MaxManagedMiB);
        Assert.InRange(handles, int.MinValue, MaxHandles);
    }

    /// <summary>The line of the test above is one that a leak crosses: one MiB a swap, in native memory, is found, and one of a tenth, in managed memory.</summary>
    [Fact]
    public async Task Leak_of_a_MiB_a_swap_crosses_the_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "resident memory is read from /proc");
        var (native, managed) = (new List<IntPtr>(), new List<byte[]>());
        var (residentRise, managedRise, _) = await RiseAsync(() =>
        {
            managed.Add(new byte[100 << 10]);
            native.Add(Marshal.AllocHGlobal(1 << 20));
            unsafe { new Span<byte>((void*)native[^1], 1 << 20).Fill(1); }
        });
        native.ForEach(Marshal.FreeHGlobal);
        GC.KeepAlive(managed);
        Assert.InRange(residentRise, MaxResidentMiB, double.PositiveInfinity);
        Assert.InRange(managedRise, MaxManagedMiB, double.PositiveInfinity);
    }

    // MiB a swap after the warm-up: the median of the slopes between any two readings, which a single step of an allocator does not move.
    private async Task<(double Resident, double Managed, int Handles)> RiseAsync(Action afterSwap)
    {
        using var folder = new TestFolder().With(Wide());
        using var scorer = new OnnxScorer(Options with { MaxBatchRows = 4 }, TimeProvider.System, NullLogger.Instance);
        await SwapAsync(scorer, folder, WarmUp, () => { });
        var readings = new List<(long Resident, long Managed, int Handles)> { Held() };
        for (var swaps = 0; swaps < Swaps; swaps += SwapsOfReading)
        {
            await SwapAsync(scorer, folder, SwapsOfReading, afterSwap);
            readings.Add(Held());
        }

        var rise = (Resident: Slope(readings, r => r.Resident), Managed: Slope(readings, r => r.Managed), Handles: readings[^1].Handles - readings[0].Handles);
        output.WriteLine($"{Swaps} swaps of a model of 4 MiB: resident {readings[0].Resident >> 20} -> {readings[^1].Resident >> 20} MiB, {rise.Resident:0.000} a swap; managed {readings[0].Managed >> 10} -> {readings[^1].Managed >> 10} KiB, {rise.Managed:0.0000} MiB a swap; handles {rise.Handles:+0;-0;0}; sessions {LoadedModel.Live}");
        return rise;
    }

    private static double Slope(List<(long, long, int)> readings, Func<(long Resident, long Managed, int Handles), long> of)
    {
        var slopes = new List<double>();
        for (var to = 1; to < readings.Count; to++)
        {
            for (var from = 0; from < to; from++) slopes.Add((of(readings[to]) - of(readings[from])) / (double)(1 << 20) / ((to - from) * SwapsOfReading));
        }

        slopes.Sort();
        return slopes[slopes.Count / 2];
    }

    private static async Task SwapAsync(OnnxScorer scorer, TestFolder folder, int times, Action afterSwap)
    {
        for (var i = 0; i < times; i++)
        {
            scorer.Use(ModelLoader.Load(folder.Path, Options with { MaxBatchRows = 4 }));
            Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(TestModels.Request(1), Stop));
            afterSwap();
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
