using Streaming.Core.Score;
using Streaming.Training.Churn;

namespace Streaming.Training.Tests.Churn;

public sealed class TrainChurnCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-churn-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_writes_the_same_folder_twice_and_says_how_it_was_made()
    {
        var history = SyntheticBuyers.Cohort(500, 200, seed: 8);
        var (first, second) = (await TrainAsync(history, "a"), await TrainAsync(history, "b"));
        Assert.Equal(first, second);
        var manifest = ModelManifestJson.Read(await File.ReadAllBytesAsync(Path.Combine(_folder, "a", ModelManifest.FileName), TestContext.Current.CancellationToken));
        Assert.Equal(("churn", ModelHash.Of(first), ChurnFeatures.Hash, 3), (manifest.Kind, manifest.Sha256, manifest.FeatureHash, manifest.Seed));
        Assert.Equal(SyntheticBuyers.FirstDay * 86_400_000L, manifest.DataFromMs);
        Assert.True(manifest.Metrics["calibratedToDays"] >= 60);
        Assert.True(manifest.Metrics["auroc60"] > 0.6);
        Assert.True(manifest.Metrics["lineSlope"] > 0);
    }

    [Fact]
    public async Task Run_of_a_shop_that_is_too_small_says_so_and_writes_nothing()
    {
        var e = await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(SyntheticBuyers.Cohort(10, 60, seed: 1), "c"));
        Assert.Contains("too small", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "c")));
    }

    private async Task<byte[]> TrainAsync(PurchaseHistory history, string name)
    {
        var options = new TrainChurnOptions
        {
            History = history, OutputFolder = Path.Combine(_folder, name), Seed = 3, Horizons = [30, 60],
            Model = new() { LeastOutcomes = 50, Trees = new() { Trees = 20, Leaves = 4, LeastWeight = 100 } },
        };
        await TrainChurnCommand.RunAsync(options, cancellation: TestContext.Current.CancellationToken);
        return await File.ReadAllBytesAsync(Path.Combine(options.OutputFolder, "model.onnx"), TestContext.Current.CancellationToken);
    }
}
