using Microsoft.Extensions.Logging.Abstractions;
using System.Security.Cryptography;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Core.Errors;
using Streaming.Core.Score;
using Streaming.Training.Onnx;

namespace Streaming.Onnx.Tests.Score;

public sealed class ModelLoaderTests
{
    private static readonly OnnxScorerOptions Cpu = new() { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = 64 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_good_folder_gives_model_on_cpu(bool asVector)
    {
        var bytes = asVector ? TestModels.FirstColumnAsVector() : TestModels.FirstColumn();
        var manifest = TestModels.Manifest(bytes);
        if (asVector) manifest = manifest with { Outputs = [new TensorSpec("score", TensorSpec.Float32, [-1])] };
        using var folder = new TestFolder().With(bytes, manifest);
        using var model = ModelLoader.Load(folder.Path, Cpu);
        Assert.Equal(ExecutionProvider.Cpu, model.Provider);
        Assert.Equal("test/1", model.Version);
    }

    [Fact]
    public void Load_missing_manifest_is_refused() => Refused(f => File.Delete(Path.Combine(f.Path, "manifest.json")), "manifest.json cannot be read");

    [Fact]
    public void Load_missing_model_is_refused() => Refused(f => File.Delete(Path.Combine(f.Path, "model.onnx")), "model.onnx cannot be read");

    [Fact]
    public void Load_manifest_that_is_not_json_is_refused() => Refused(f => f.Put("manifest.json", "nonsense"u8.ToArray()), "manifest.json cannot be read");

    [Fact]
    public void Load_manifest_with_unknown_field_is_refused() => Refused(f =>
    {
        var text = Encoding.UTF8.GetString(ModelManifestJson.Write(TestModels.Manifest(TestModels.FirstColumn())));
        f.Put("manifest.json", Encoding.UTF8.GetBytes(text.Replace("\"sha256\"", "\"sha\": \"x\", \"sha256\"", StringComparison.Ordinal)));
    }, "sha");

    [Fact]
    public void Load_newer_manifest_is_refused() => RefusedWith(m => m with { Format = 99 }, "format 99, newer than the 1");

    [Fact]
    public void Load_changed_model_is_refused_by_hash() => Refused(f => f.Put("model.onnx", TestModels.FirstColumn(2)), "model.onnx has sha256");

    [Fact]
    public void Load_other_feature_list_is_refused_by_name() =>
        RefusedWith(m => m with { FeatureHash = "abc", Features = [.. RankerFeatures.Names.Skip(1), "moon_phase"] }, "unknown: moon_phase; missing: cos_short");

    [Fact]
    public void Load_other_feature_order_is_refused() => RefusedWith(m => m with { FeatureHash = "abc", Features = [.. RankerFeatures.Names.Reverse()] }, "the order or the hash differs");

    [Fact]
    public void Load_without_feature_hash_is_refused() => RefusedWith(m => m with { FeatureHash = null }, "no featureHash");

    [Fact]
    public void Load_other_kind_is_refused() => RefusedWith(m => m with { Kind = "churn" }, "kind 'churn', not 'ranker'");

    [Fact]
    public void Load_other_input_name_is_refused() => RefusedWith(m => m with { Inputs = [new TensorSpec("x", TensorSpec.Float32, [-1, TestModels.F])] }, "needs one, 'features'");

    [Fact]
    public void Load_other_input_width_is_refused() => RefusedWith(m => m with { Inputs = [new TensorSpec("features", TensorSpec.Float32, [-1, 7])] }, $"the ranker needs features float32 [-1, {TestModels.F}]");

    [Fact]
    public void Load_other_output_shape_is_refused() => RefusedWith(m => m with { Outputs = [new TensorSpec("score", TensorSpec.Float32, [-1, 2])] }, "the ranker needs score float32 [-1] or [-1, 1]");

    [Fact]
    public void Load_manifest_that_names_another_output_shape_than_the_model_is_refused() =>
        RefusedWith(m => m with { Outputs = [new TensorSpec("score", TensorSpec.Float32, [-1])] }, "the model's outputs are (score");

    [Fact]
    public void Load_file_outside_folder_is_refused() => RefusedWith(m => m with { File = "../model.onnx" }, "'../model.onnx' is not the name of a file within the model's folder");

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/weights.bin")]
    public void Load_external_data_outside_folder_is_refused(string location)
    {
        var model = new OnnxGraph("external").Input("features", -1, TestModels.F).ExternalFloats("w", location, TestModels.F, 1).Node("MatMul", "score", "features", "w").Output("score", -1, 1).ToBytes();
        using var folder = new TestFolder().With(model);
        Assert.Contains($"'{location}', which is outside the model's folder", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_external_data_that_the_manifest_does_not_list_is_refused()
    {
        var model = new OnnxGraph("external").Input("features", -1, TestModels.F).ExternalFloats("w", "weights.bin", TestModels.F, 1).Node("MatMul", "score", "features", "w").Output("score", -1, 1).ToBytes();
        using var folder = new TestFolder().With(model);
        Assert.Contains("does not list under files", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_bytes_that_are_no_model_are_refused()
    {
        using var folder = new TestFolder().With([0xff, 0xff, 0xff]);
        Assert.Contains("not an ONNX model", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_model_with_unknown_operator_is_refused_by_the_runtime()
    {
        using var folder = new TestFolder().With(new OnnxGraph("x").Input("features", -1, TestModels.F).Node("NoSuchOperator", "score", "features").Output("score", -1, 1).ToBytes());
        Assert.Contains("ONNX Runtime refused the model on cpu", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Cuda_without_gpu_package_is_refused_and_the_switch_named()
    {
        Assert.SkipWhen(SessionFactory.Available().Contains(ExecutionProvider.Cuda), "this build has the GPU package");
        using var folder = new TestFolder().With(TestModels.FirstColumn());
        var refusal = Assert.Throws<ModelRefusedException>(() => ModelLoader.Load(folder.Path, Cpu with { ExecutionProvider = ExecutionProvider.Cuda }));
        Assert.Contains("cuda", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("-p:Gpu=true", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_all_named()
    {
        var errors = new OnnxScorerOptions { IntraOpThreads = 0, MaxBatchRows = 0, MaxWait = TimeSpan.FromSeconds(5), MaxQueuedRows = -1, PollInterval = TimeSpan.Zero, DeviceId = -1 }.Validate().ToArray();
        Assert.Equal(6, errors.Length);
        Assert.Empty(new OnnxScorerOptions().Validate());
    }

    private static void RefusedWith(Func<ModelManifest, ModelManifest> change, string message)
    {
        var bytes = TestModels.FirstColumn();
        Refused(f => f.With(bytes, change(TestModels.Manifest(bytes))), message);
    }

    private static void Refused(Action<TestFolder> spoil, string message)
    {
        var before = LoadedModel.Live;
        using var folder = new TestFolder().With(TestModels.FirstColumn());
        spoil(folder);
        Assert.Contains(message, Refusal(folder), StringComparison.Ordinal);
        Assert.Equal(before, LoadedModel.Live);
    }

    private static string Refusal(TestFolder folder) => Assert.Throws<ModelRefusedException>(() => ModelLoader.Load(folder.Path, Cpu)).Message;

    /// <summary>ONNX Runtime maps external data and reads it while it scores: it must be a copy, or the scores of one version change, and a file that is cut off ends the process.</summary>
    [Theory]
    [InlineData("written over")]
    [InlineData("cut off")]
    [InlineData("removed")]
    public async Task External_data_that_is_changed_while_it_serves_changes_nothing(string how)
    {
        const int Width = 1 << 14;
        var ones = Enumerable.Repeat(1f, Width).ToArray();
        var spread = new float[TestModels.F * Width];
        spread.AsSpan(0, Width).Fill(1);
        var model = new OnnxGraph("external").Input("features", -1, TestModels.F).Floats("spread", spread, TestModels.F, Width).ExternalFloats("w", "weights.bin", Width).Floats("ones", ones, Width, 1)
            .Node("MatMul", "wide", "features", "spread").Node("Mul", "all", "wide", "w").Node("MatMul", "score", "all", "ones").Output("score", -1, 1).ToBytes();
        var weights = MemoryMarshal.AsBytes<float>(ones).ToArray();
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "weights.bin");
        await File.WriteAllBytesAsync(path, weights, TestContext.Current.CancellationToken);
        folder.With(model, TestModels.Manifest(model) with { Files = new Dictionary<string, string> { ["weights.bin"] = Convert.ToHexStringLower(SHA256.HashData(weights)) } });
        var options = new OnnxScorerOptions { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = 2, MaxQueuedRows = 4096, MaxWait = TimeSpan.Zero };
        using var scorer = new OnnxScorer(options, TimeProvider.System, NullLogger.Instance);
        scorer.Use(ModelLoader.Load(folder.Path, options));
        var request = TestModels.Request(3);
        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, TestContext.Current.CancellationToken));
        var before = request.Scores.ToArray();
        Assert.Contains(before, score => score != 0);

        if (how == "removed") File.Delete(path);
        else
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            if (how == "cut off") file.SetLength(0);
            else await file.WriteAsync(MemoryMarshal.AsBytes<float>(Enumerable.Repeat(7f, Width).ToArray()).ToArray(), TestContext.Current.CancellationToken);
        }

        Assert.Equal(ScoreOutcome.Scored, await scorer.ScoreAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal(before, request.Scores.ToArray());
    }
}
