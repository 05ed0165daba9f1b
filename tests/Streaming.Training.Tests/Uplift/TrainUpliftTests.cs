using System.Text.Json;
using Streaming.Core.Score;
using Streaming.Training.Uplift;

namespace Streaming.Training.Tests.Uplift;

public sealed class TrainUpliftTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("train-uplift").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_effects_that_differ_stand_in_the_table_and_twice_the_same()
    {
        var lines = SimulatedTrial.Lines(3000, 0.02, 0.25, seed: 21);
        var (first, second) = (Run(lines, "a"), Run(lines, "b"));
        Assert.Equal(first.Bytes, second.Bytes);
        using var table = JsonDocument.Parse(first.Bytes);
        var column = table.RootElement.GetProperty("columns").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "a");
        var apart = column.GetProperty("slope").GetDouble() * column.GetProperty("inverseDeviation").GetDouble(); // between a = 0 and a = 1
        Assert.InRange(apart, 0.12, 0.38);
        Assert.Equal(ModelHash.Of(first.Bytes), first.Manifest.Sha256);
        Assert.Equal((TrainUpliftCommand.Kind, 1.0, "train uplift --x"), (first.Manifest.Kind, first.Manifest.Metrics["differs"], first.Manifest.CreatedBy));
    }

    [Fact]
    public void Run_no_difference_detected_gives_one_effect_for_all()
    {
        var (bytes, manifest) = Run(SimulatedTrial.Lines(1500, 0.2, 0, seed: 6), "c");
        using var table = JsonDocument.Parse(bytes);
        Assert.Equal(manifest.Metrics["effect"], table.RootElement.GetProperty("constant").GetDouble(), 1e-6);
        Assert.All(table.RootElement.GetProperty("columns").EnumerateArray().SelectMany(c => c.GetProperty("levels").EnumerateArray()), l => Assert.Equal(0, l.GetDouble()));
        Assert.Equal(0, manifest.Metrics["differs"]);
    }

    private (byte[] Bytes, ModelManifest Manifest) Run(List<string> lines, string name)
    {
        var path = Path.Combine(_folder, "trial.csv");
        File.WriteAllLines(path, lines);
        var output = Path.Combine(_folder, name);
        TrainUpliftCommand.Run(new TrainUpliftOptions { Trial = new UpliftOptions { Fit = path, Treatment = "letter", Outcome = "bought", Permutations = 200, Draws = 100 }, OutputFolder = output, Command = "train uplift --x" },
            cancellation: TestContext.Current.CancellationToken);
        return (File.ReadAllBytes(Path.Combine(output, UpliftModelFile.Name)), ModelManifestJson.Read(File.ReadAllBytes(Path.Combine(output, ModelManifest.FileName))));
    }
}
