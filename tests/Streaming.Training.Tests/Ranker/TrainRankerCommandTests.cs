using Streaming.Core.Score;
using Streaming.Training.Ranker;
using Streaming.Training.Simulate;

namespace Streaming.Training.Tests.Ranker;

public sealed class TrainRankerCommandTests
{
    [Fact]
    public async Task Run_writes_a_folder_whose_ranker_beats_the_blend_and_says_how_it_was_made()
    {
        var folder = Directory.CreateTempSubdirectory("streaming-train-").FullName;
        try
        {
            var options = new TrainRankerOptions
            {
                History = SyntheticShop.Generate(new SyntheticShopOptions { Items = 200, Users = 150, Days = 30, Sessions = 2_000 }), OutputFolder = folder, Command = "train ranker --x",
                Dataset = new() { MaxTrainGroups = 1_500, MaxHoldoutGroups = 300 }, Trainer = new() { Epochs = 5 },
            };
            var result = await TrainRankerCommand.RunAsync(options, cancellation: TestContext.Current.CancellationToken);
            Assert.True(result.Metrics["ndcg20"] > result.Metrics["ndcg20Blend"], $"{result.Metrics["ndcg20"]} against {result.Metrics["ndcg20Blend"]}");
            var manifest = ModelManifestJson.Read(await File.ReadAllBytesAsync(Path.Combine(folder, ModelManifest.FileName), TestContext.Current.CancellationToken));
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, manifest.File), TestContext.Current.CancellationToken);
            Assert.Equal(manifest.Sha256, ModelHash.Of(bytes));
            Assert.Equal(RankerFeatures.Hash, manifest.FeatureHash);
            Assert.Equal("train ranker --x", manifest.CreatedBy);
            Assert.Equal(1, manifest.Seed);
            Assert.Equal(["manifest.json", "model.onnx"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
