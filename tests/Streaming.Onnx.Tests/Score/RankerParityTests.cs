using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Score;
using Streaming.Training;
using Streaming.Training.Ranker;

namespace Streaming.Onnx.Tests.Score;

public sealed class RankerParityTests
{
    [Fact]
    public void Ranker_scores_live_equal_offline_to_1e5() => Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[1, 40]).Sample((seed, rows) =>
    {
        var random = new SeededRandom((ulong)seed);
        var model = Trained(seed);
        var bytes = model.ToOnnx();
        using var folder = new TestFolder().With(bytes);
        var options = new OnnxScorerOptions { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = 64 };
        using var scorer = new OnnxScorer(options, TimeProvider.System, NullLogger.Instance);
        scorer.Use(ModelLoader.Load(folder.Path, options));
        var request = new ScoreRequest { Deadline = TimeSpan.FromSeconds(60) };
        request.Resize(rows);
        foreach (ref var feature in request.Features.Span) feature = (float)(random.Normal() * (random.Below(10) == 0 ? 1000 : 2));
        Assert.Equal(ScoreOutcome.Scored, scorer.ScoreAsync(request, default).AsTask().GetAwaiter().GetResult());
        var offline = new float[rows];
        model.Forward(request.Features.Span, offline);
        for (var r = 0; r < rows; r++) Assert.True(Math.Abs(offline[r] - request.Scores.Span[r]) <= 1e-5, $"row {r}: {offline[r]} offline, {request.Scores.Span[r]} live");
    }, iter: 12, threads: 1);

    private static MlpRanker Trained(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var groups = Enumerable.Range(0, 30).Select(_ =>
        {
            var features = new float[10 * RankerFeatures.Count];
            foreach (ref var feature in features.AsSpan()) feature = (float)random.Normal();
            var gains = new float[10];
            gains[random.Below(10)] = 1;
            return new RankerGroup { AtMs = 0, Features = features, Gains = gains, Blend = new float[10], Targets = 1 };
        }).ToArray();
        return RankerTrainer.Fit(groups, new RankerTrainerOptions { Epochs = 2, Seed = seed }, null, default);
    }
}
