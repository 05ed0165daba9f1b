using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using Streaming.Core.Score;

namespace Streaming.Onnx.Tests.Score;

/// <summary>A device that is lost in the middle of its work, simulated by a session on the CPU that calls itself one on a GPU and fails from some moment on.</summary>
public sealed class GpuFailedTests
{
    private static readonly OnnxScorerOptions Auto = new() { ExecutionProvider = ExecutionProvider.Auto, MaxBatchRows = 64, PollInterval = TimeSpan.FromMilliseconds(100), MaxFailedRuns = 3 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Device_lost_in_run_the_model_is_built_anew_on_the_cpu_once_and_the_next_model_tries_the_gpu()
    {
        using var counted = new MetricSum("streaming_model_cpu_fall_backs_total");
        using var folder = new TestFolder().With(TestModels.Lookup());
        var machine = new Machine();
        var options = Auto with { ModelFolder = folder.Path };
        using var scorer = new OnnxScorer(options, TimeProvider.System, NullLogger.Instance);
        await using var watcher = new ModelWatcher(scorer, options, NullLogger.Instance, machine.Load);
        Assert.True(watcher.LoadNow());
        watcher.Start();
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(TestModels.Request(1), Stop));
        Assert.Equal(ExecutionProvider.Cuda, scorer.Status.Provider);

        // Fewer failures than the limit, in a row or not, leave the GPU in use.
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(ScoreOutcome.Failed, await scorer.ScoreAsync(TestModels.Request(99), Stop));
            Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(TestModels.Request(1), Stop));
        }

        machine.LoseDevice();
        for (var i = 0; i < 3; i++) Assert.Equal(ScoreOutcome.Failed, await scorer.ScoreAsync(TestModels.Request(1), Stop));
        await OnnxScorerTests.Eventually(() => scorer.Status.Provider == ExecutionProvider.Cpu);
        Assert.Contains("3 runs in a row", scorer.Status.ProviderNote, StringComparison.Ordinal);
        Assert.Equal("test/1", scorer.ModelVersion);
        var request = TestModels.Request(2);
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, Stop));
        Assert.Equal(12f, request.Scores.Span[0]);

        // What fails on the CPU is the model's own fault: nothing is built anew.
        for (var i = 0; i < 10; i++) Assert.Equal(ScoreOutcome.Failed, await scorer.ScoreAsync(TestModels.Request(99), Stop));
        Assert.Equal([ExecutionProvider.Auto, ExecutionProvider.Cpu], machine.Asked);
        Assert.Equal(1, counted.Value);

        var two = TestModels.FirstColumn(2);
        folder.With(two, TestModels.Manifest(two, "2"));
        await OnnxScorerTests.Eventually(() => scorer.ModelVersion == "test/2");
        Assert.Equal(ExecutionProvider.Cuda, scorer.Status.Provider);
        Assert.Null(scorer.Status.ProviderNote);
    }

    [Fact]
    public async Task Provider_asked_for_by_name_is_kept()
    {
        using var folder = new TestFolder().With(TestModels.FirstColumn());
        var machine = new Machine();
        var options = Auto with { ModelFolder = folder.Path, ExecutionProvider = ExecutionProvider.Cpu };
        using var scorer = new OnnxScorer(options, TimeProvider.System, NullLogger.Instance);
        var left = 0;
        scorer.GpuFailed = _ => left++;
        scorer.Use(machine.Load(folder.Path, Auto));
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(TestModels.Request(1), Stop));
        machine.LoseDevice();
        for (var i = 0; i < 10; i++) Assert.Equal(ScoreOutcome.Failed, await scorer.ScoreAsync(TestModels.Request(1), Stop));
        Assert.Equal(0, left);
    }

    /// <summary>A machine with a "GPU": auto takes it.</summary>
    private sealed class Machine
    {
        private Action _lose = () => { };

        public List<ExecutionProvider> Asked { get; } = [];

        public LoadedModel Load(string folder, OnnxScorerOptions options)
        {
            Asked.Add(options.ExecutionProvider);
            if (options.ExecutionProvider == ExecutionProvider.Cpu) return ModelLoader.Load(folder, options);
            var read = ModelFolder.Read(folder, "");
            var session = new InferenceSession(read.Model);
            var model = new LoadedModel(session, new PrivateFiles(read.ExternalData), read.Manifest, ExecutionProvider.Cuda, null, RankerContract.CheckSession(session, read.Manifest), options.MaxBatchRows);
            _lose = model.Stop;
            return model;
        }

        /// <summary>Every run on it fails from now on.</summary>
        public void LoseDevice() => _lose();
    }
}
