using Microsoft.ML.OnnxRuntime;
using Streaming.Training;
using Streaming.Training.Churn;
using Streaming.Training.Trees;

namespace Streaming.Onnx.Tests.Score;

public sealed class ChurnParityTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Hazard_live_equals_offline_to_1e5(double treesShare)
    {
        var random = new SeededRandom(1);
        var hazard = Fitted(random);
        using var session = new InferenceSession(HazardOnnx.Write(hazard, treesShare));
        const int Rows = 200;
        var features = RandomRows(random, Rows, 3);
        using var input = OrtValue.CreateTensorValueFromMemory(features, [Rows, ChurnFeatures.Count]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["features"], [input], ["score"]);
        Assert.Equal([Rows, 1], outputs[0].GetTensorTypeAndShape().Shape);
        var live = outputs[0].GetTensorDataAsSpan<float>();
        for (var r = 0; r < Rows; r++)
        {
            var offline = LogMath.Sigmoid(hazard.Logit(features.AsSpan(r * ChurnFeatures.Count, ChurnFeatures.Count), treesShare));
            Assert.True(Math.Abs(offline - live[r]) <= 1e-5, $"row {r}: {offline} offline, {live[r]} live");
        }
    }

    private static HazardModel Fitted(SeededRandom random)
    {
        var rows = new ChurnRows { Features = RandomRows(random, 3000, 1), Bought = new bool[3000], Weights = [.. Enumerable.Repeat(1f, 3000)] };
        for (var r = 0; r < rows.Rows; r++) rows.Bought[r] = random.Uniform() < LogMath.Sigmoid(rows.Row(r)[0] - (rows.Row(r)[3] * rows.Row(r)[4]) - 1);
        return new HazardModel
        {
            Features = new ChurnFeatures(new BgNbd(0.25, 4.5, 0.8, 2.5), new ParetoNbd(0.55, 10.5, 0.6, 11.5), seasonal: false),
            Logistic = LogisticModel.Fit(rows, 1),
            Trees = LogisticTrees.Fit(rows.Features, ChurnFeatures.Count, rows.Bought, rows.Weights, new BoostedTreesOptions { LeastWeight = 20 }, TestContext.Current.CancellationToken),
        };
    }

    private static float[] RandomRows(SeededRandom random, int rows, double scale)
    {
        var features = new float[rows * ChurnFeatures.Count];
        foreach (ref var feature in features.AsSpan()) feature = (float)(random.Normal() * scale);
        return features;
    }
}
