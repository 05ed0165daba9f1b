using System.Text;
using Microsoft.ML.OnnxRuntime;
using Streaming.Core.Items;
using Streaming.Core.Score;
using Streaming.Training.NextItem;

namespace Streaming.Training.Tests.NextItem;

public sealed class TrainSessionEncoderTests : IDisposable
{
    private static readonly string[] Sessions = [.. SmallShop.Sessions(400, 1)];
    private readonly string _folder = Directory.CreateTempSubdirectory("session-encoder").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_again_gives_the_same_bytes_and_another_seed_others()
    {
        foreach (var (name, seed) in ((string, int)[])[("first", 1), ("again", 1), ("other", 2)]) Run(Sessions, name, seed);
        foreach (var file in (string[])["manifest.json", "model.onnx", "items.bin"]) Assert.Equal(Bytes("first", file), Bytes("again", file));
        Assert.NotEqual(Bytes("first", "model.onnx"), Bytes("other", "model.onnx"));
        Assert.Equal(["items.bin", "manifest.json", "model.onnx"], Directory.GetFiles(Path.Combine(_folder, "first")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Run_shop_with_habits_beats_popular_on_sessions_that_it_did_not_learn()
    {
        var metrics = Run(Sessions, "model").Metrics;
        Assert.True(metrics["mrr20"] > 2 * metrics["popular.mrr20"], $"{metrics["mrr20"]} against {metrics["popular.mrr20"]}");
        Assert.True(metrics["popular.mrr20GainLow"] > 0);
        Assert.InRange(metrics["p20"], metrics["low"], metrics["high"]);
        Assert.InRange(metrics["plainNeighbours.p20"], 0.5, 1);
        Assert.InRange(metrics["passes"], 3, 12); // two are too few to learn this shop
        Assert.Equal((400, Sessions.Sum(s => s.Split(' ').Length), 60), ((int)metrics["sessions"], (int)metrics["clicks"], (int)metrics["items"]));
        Assert.InRange(metrics["positions"], 100, 200); // a tenth of the clicks
    }

    [Fact]
    public void Run_manifest_names_every_file_its_input_and_where_it_comes_from()
    {
        string[] clicks = ["SessionId\tItemId\tTime", .. Sessions.SelectMany((s, i) => s.Split(' ').Select((item, at) => $"{i}\t{item}\t{1_396_300_000 + (i * 100) + at}.5"))];
        var result = Run(clicks, "model", format: NextItemFormat.Clicks);
        var manifest = ModelManifestJson.Read(Bytes("model", ModelManifest.FileName));
        Assert.Equal(ModelHash.Of(Bytes("model", "model.onnx")), manifest.Sha256);
        Assert.Equal(VectorTableBlob.Sha256(Bytes("model", "items.bin")), manifest.EmbeddingVersion);
        Assert.Equal(manifest.EmbeddingVersion, Assert.Single(manifest.Files!, f => f.Key == "items.bin").Value);
        Assert.Equal("clicks int64 [-1, 15]", Assert.Single(manifest.Inputs).ToString());
        Assert.Equal("session float32 [-1, 16]", Assert.Single(manifest.Outputs).ToString());
        Assert.Equal((TrainSessionEncoderCommand.Kind, "train session-encoder --x", 1), (manifest.Kind, manifest.CreatedBy, manifest.Seed));
        Assert.Equal((1_396_300_000_500, 1_396_300_000_500 + (399 * 100_000) + ((Sessions[^1].Split(' ').Length - 1) * 1000L)), (manifest.DataFromMs, manifest.DataToMs));
        Assert.StartsWith("20140", result.Version, StringComparison.Ordinal);
        Assert.Equal(result.Metrics, manifest.Metrics);
        using var session = new InferenceSession(Bytes("model", "model.onnx"));
        Assert.Equal((manifest.FeatureHash, manifest.EmbeddingVersion), (session.ModelMetadata.CustomMetadataMap["feature_hash"], session.ModelMetadata.CustomMetadataMap["items_sha256"]));
    }

    [Fact]
    public void Run_the_encoder_that_is_kept_learned_everything_in_as_many_passes_as_were_best()
    {
        var metrics = Run(Sessions, "model").Metrics;
        var ids = new ItemDictionary();
        var log = SmallShop.Log(ids, Sessions);
        var passes = (int)metrics["passes"];
        var settings = SmallShop.Small.Encoder with { Epochs = passes, MostEpochs = passes, LeastSteps = 0 };
        var weights = new EncoderTrainer(log, new ItemCounts(log), settings, (1UL << 8) + 5).Train(null, null, TestContext.Current.CancellationToken);
        var files = new SessionEncoderOnnx(weights, ids);
        Assert.Equal(files.Table, Bytes("model", "items.bin"));
        Assert.Equal(files.Model(settings.Scale), Bytes("model", "model.onnx"));
    }

    [Fact]
    public void Run_with_ranker_writes_its_trees_beside_the_same_encoder()
    {
        Run(Sessions, "plain");
        var metrics = Run(Sessions, "model", ranker: true).Metrics;
        foreach (var file in (string[])["model.onnx", "items.bin"]) Assert.Equal(Bytes("plain", file), Bytes("model", file));
        var manifest = ModelManifestJson.Read(Bytes("model", ModelManifest.FileName));
        Assert.Equal(["items.bin", "ranker.onnx"], manifest.Files!.Keys);
        Assert.Equal(ModelHash.Of(Bytes("model", "ranker.onnx")), manifest.Files["ranker.onnx"]);
        Assert.True(metrics["ranker.mrr20"] > 2 * metrics["popular.mrr20"]);
        Assert.InRange(metrics["ranker.trees"], 2, 20);
    }

    [Fact]
    public void Run_with_ranker_too_few_sessions_for_one_write_none()
    {
        var metrics = Run(["7 8"], "model", ranker: true).Metrics;
        Assert.Equal(0, metrics["ranker.trees"]);
        Assert.Equal(["items.bin", "manifest.json", "model.onnx"], Directory.GetFiles(Path.Combine(_folder, "model")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Run_without_ranker_leaves_none_of_a_run_before()
    {
        Run(Sessions, "model", ranker: true);
        Run(Sessions, "model");
        Assert.Equal(["items.bin", "manifest.json", "model.onnx"], Directory.GetFiles(Path.Combine(_folder, "model")).Select(Path.GetFileName).Order());
    }

    // Nothing says how many trees there should be.
    [Fact]
    public void Run_with_ranker_whose_last_session_is_longer_than_the_share_held_out_writes_none()
    {
        var metrics = Run([.. Sessions, string.Join(' ', Enumerable.Range(0, 2_000).Select(i => 1 + (i % 7)))], "model", ranker: true).Metrics;
        Assert.Equal((0, 0), (metrics["positions"], metrics["ranker.trees"]));
        Assert.False(File.Exists(Path.Combine(_folder, "model", "ranker.onnx")));
    }

    // The slice alone has these habits: whoever had learned them would know what comes next.
    [Fact]
    public void Run_nothing_of_the_slice_is_learned_before_it_is_answered()
    {
        string[] late = [.. Enumerable.Repeat((string[])["1 31", "12 42", "23 53", "34 4"], 19).SelectMany(pairs => pairs), "5 never-seen-before"];
        var metrics = Run([.. Sessions, .. late], "model").Metrics;
        Assert.True(metrics["mrr20"] < 0.2, $"{metrics["mrr20"]}");
        Assert.Equal(1, metrics["outsideTrain"]);
    }

    [Fact]
    public void Run_a_session_without_end_counts_two_hundred_positions_at_most()
    {
        var walk = string.Join(' ', Enumerable.Range(0, 350).Select(i => (i % 10) + 1));
        var metrics = Run([.. SmallShop.Sessions(1000, 1), walk], "model").Metrics;
        Assert.InRange(metrics["positions"], 200, 300);
    }

    [Theory]
    [InlineData("7 8")]
    [InlineData("7 7 7")]
    [InlineData("7 7", "7", "7 7")]
    [InlineData("7", "8", "8 9")]
    [InlineData("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "1 2")] // nothing to learn before the slice
    [InlineData("1 2 3", "2 3 4", "3 4 5", "4 5 6", "5", "6", "7", "8", "9", "10", "11")]
    public void Run_tiny_input_makes_a_folder_that_works(params string[] sessions)
    {
        var metrics = Run(sessions, "model").Metrics;
        Assert.Equal(sessions.SelectMany(s => s.Split(' ')).Distinct().Count(), metrics["items"]);
        Assert.Equal(0, metrics["positions"]);
        Assert.DoesNotContain("p20", metrics.Keys);
        var table = VectorTableBlob.Read(Bytes("model", "items.bin"), 16);
        Assert.All(table, entry => Assert.Equal(1, entry.Vector.Sum(v => (double)v * v), 1e-5));
        using var session = new InferenceSession(Bytes("model", "model.onnx"));
        long[] clicks = [0, .. Enumerable.Repeat(-1L, 14)];
        using var input = OrtValue.CreateTensorValueFromMemory(clicks, [1, 15]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["clicks"], [input], ["session"]);
        Assert.Equal(1, outputs[0].GetTensorDataAsSpan<float>().ToArray().Sum(v => (double)v * v), 1e-5);
    }

    [Theory]
    [InlineData("no session")]
    [InlineData("no session", "", "  ")]
    [InlineData("second click", "7", "8", "9")]
    public void Run_nothing_to_learn_says_so_and_writes_nothing(string why, params string[] sessions)
    {
        Assert.Contains(why, Assert.Throws<InvalidDataException>(() => Run(sessions, "model")).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "model")));
    }

    [Fact]
    public void Run_bad_rows_are_counted_and_named_by_their_line()
    {
        var said = new List<string>();
        var metrics = Run([.. Sessions, "", "1 b\u0001d 2"], "model", said: said).Metrics;
        Assert.Equal((2, 400), ((int)metrics["badRows"], (int)metrics["sessions"]));
        Assert.Equal(["input, line 401: no item", "input, line 402: an item id holds a control character or bytes that are no UTF-8", "input: 2 rows could not be used"], said);
    }

    [Fact]
    public void Run_times_that_are_none_give_no_span()
    {
        Run(["SessionId\tItemId\tTime", "a\t1\t-5", "a\t2\t1e300", "b\t1\t3"], "model", format: NextItemFormat.Clicks);
        var manifest = ModelManifestJson.Read(Bytes("model", ModelManifest.FileName));
        Assert.Equal((null, null), (manifest.DataFromMs, manifest.DataToMs));
    }

    [Fact]
    public void Validate_names_every_bad_option() =>
        Assert.Equal(["Input", "Out", "Name"], new TrainSessionEncoderOptions { Input = "", OutputFolder = " ", Name = "" }.Validate().Select(e => e.Split(' ')[0]));

    private byte[] Bytes(string name, string file) => File.ReadAllBytes(Path.Combine(_folder, name, file));

    private TrainResult Run(string[] lines, string name, int seed = 1, NextItemFormat format = NextItemFormat.Sessions, List<string>? said = null, bool ranker = false)
    {
        var path = Path.Combine(_folder, "input");
        File.WriteAllText(path, string.Join('\n', lines) + "\n", new UTF8Encoding(false));
        var options = new TrainSessionEncoderOptions
        {
            Input = path, Format = format, OutputFolder = Path.Combine(_folder, name), Seed = seed, Ranker = ranker, Command = "train session-encoder --x", Hybrid = SmallShop.Small,
        };
        return TrainSessionEncoderCommand.Run(options, line => said?.Add(line), cancellation: TestContext.Current.CancellationToken);
    }
}
