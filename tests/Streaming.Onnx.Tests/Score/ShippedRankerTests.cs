using Streaming.Core.Score;

namespace Streaming.Onnx.Tests.Score;

/// <summary>The model in src/Streaming.Host/models/ranker: a change of the features without a new model must not go unnoticed.</summary>
public sealed class ShippedRankerTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "shipped");

    [Fact]
    public void Shipped_ranker_fits_the_features_of_this_program()
    {
        using var model = ModelLoader.Load(Folder, new OnnxScorerOptions { ExecutionProvider = ExecutionProvider.Cpu });
        Assert.Equal(RankerFeatures.Hash, model.Manifest.FeatureHash);
        Assert.NotNull(model.Manifest.CreatedBy);
        Assert.True(model.Manifest.Metrics["ndcg20"] > model.Manifest.Metrics["ndcg20Blend"]);
    }

    [Fact]
    public void Shipped_ranker_is_small() => Assert.True(new FileInfo(Path.Combine(Folder, "model.onnx")).Length < 200 * 1024);
}
