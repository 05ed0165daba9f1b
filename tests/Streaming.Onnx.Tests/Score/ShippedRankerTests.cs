using System.Globalization;
using Streaming.Core.Score;

namespace Streaming.Onnx.Tests.Score;

/// <summary>The model in src/Streaming.Host/models/ranker: a change of the features without a new model must not go unnoticed.</summary>
public sealed class ShippedRankerTests
{
    private const int Rows = 1000;
    private const string GoldenFile = "shipped-ranker-scores.txt";
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "shipped");

    [Fact]
    public void Shipped_ranker_fits_the_features_of_this_program()
    {
        using var model = ModelLoader.Load(Folder, new OnnxScorerOptions { ExecutionProvider = ExecutionProvider.Cpu });
        Assert.Equal(RankerFeatures.Hash, model.Manifest.FeatureHash);
        Assert.NotNull(model.Manifest.CreatedBy);
        Assert.True(model.Manifest.Metrics["ndcg20"] > model.Manifest.Metrics["ndcg20Blend"]);
    }

    /// <summary>
    /// A thousand fixed rows through the shipped model, against scores that were recorded once: another version of ONNX Runtime, another provider or another machine may differ in the last bits, and in no more.
    /// A new shipped model is recorded anew (<c>STREAMING_WRITE_GOLDEN=FOLDER</c>); the file's first line says which model it is of.
    /// </summary>
    [Fact]
    public void Shipped_ranker_scores_fixed_rows_as_recorded()
    {
        using var model = ModelLoader.Load(Folder, new OnnxScorerOptions { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = Rows });
        var random = new Random(20_261);
        foreach (ref var value in model.Features[..(Rows * RankerFeatures.Count)]) value = random.Next(4) == 0 ? 0 : (random.NextSingle() * 4) - 1;
        model.Run(Rows);
        if (Environment.GetEnvironmentVariable("STREAMING_WRITE_GOLDEN") is { } folder)
            File.WriteAllLines(Path.Combine(folder, GoldenFile), [model.Manifest.Sha256, .. model.Scores.ToArray().Select(score => score.ToString("R", CultureInfo.InvariantCulture))]);
        var golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Score", "Golden", GoldenFile));
        Assert.Equal(model.Manifest.Sha256, golden[0]);
        Assert.Equal(Rows, golden.Length - 1);
        Assert.True(golden.Skip(1).Distinct(StringComparer.Ordinal).Count() > Rows / 10, "rows that all score alike tell nothing apart");
        for (var row = 0; row < Rows; row++) Assert.Equal(float.Parse(golden[row + 1], CultureInfo.InvariantCulture), model.Scores[row], 1e-4f);
    }

    [Fact]
    public void Shipped_ranker_is_small() => Assert.True(new FileInfo(Path.Combine(Folder, "model.onnx")).Length < 200 * 1024);
}
