using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Score;
using Streaming.Training.Onnx;

namespace Streaming.Onnx.Tests.Score;

/// <summary>Model files that are missing, broken, half written or hostile (M1, M2, M3, M11 of docs/fault-model-models.md): refused as a whole, and what served before goes on.</summary>
public sealed class ModelFilesTests(ITestOutputHelper output)
{
    private static readonly OnnxScorerOptions Cpu = new() { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = 16 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Spoilt => ["empty", "html", "gzip", "text", "other operator set", "newer format", "four gigabytes"];

    /// <summary>The manifest is right about the spoilt bytes, so that not the hash but the reader must refuse them.</summary>
    [Theory]
    [MemberData(nameof(Spoilt))]
    public void Load_of_spoilt_bytes_with_a_right_manifest_is_refused(string how)
    {
        using var folder = new TestFolder();
        if (how == "four gigabytes")
        {
            folder.With(TestModels.FirstColumn());
            using var file = File.OpenWrite(Path.Combine(folder.Path, "model.onnx"));
            file.SetLength(4L << 30); // sparse: it takes no room, and nobody may read it
        }
        else
        {
            folder.With(Spoil(how));
        }

        Assert.NotEmpty(Refusal(folder));
    }

    [Fact]
    public void Load_of_a_model_cut_at_every_byte_is_refused()
    {
        var whole = TestModels.FirstColumn();
        for (var length = 0; length < whole.Length; length++)
        {
            using var folder = new TestFolder().With(whole[..length]);
            Assert.NotEmpty(Refusal(folder));
        }

        output.WriteLine($"{whole.Length} cuts refused");
    }

    [Fact]
    public void Load_of_random_bytes_is_refused()
    {
        const int seed = 20_261, models = 200;
        output.WriteLine($"seed {seed}, {models} models");
        var random = new Random(seed);
        for (var i = 0; i < models; i++)
        {
            var bytes = new byte[random.Next(16, 4096)];
            random.NextBytes(bytes);
            using var folder = new TestFolder().With(bytes);
            Assert.NotEmpty(Refusal(folder));
        }
    }

    [Theory]
    [InlineData("float64")]
    [InlineData("int64")]
    [InlineData("")]
    public void Load_with_another_number_type_is_refused(string type)
    {
        var bytes = TestModels.FirstColumn();
        using var folder = new TestFolder().With(bytes, TestModels.Manifest(bytes) with { Inputs = [new TensorSpec("features", type, [-1, TestModels.F])] });
        Assert.Contains("the ranker needs features float32", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_of_a_model_that_gives_another_number_of_rows_is_refused_at_its_warm_up()
    {
        // Says one score a row, gives one for all.
        var bytes = new OnnxGraph("one").Input("features", -1, TestModels.F).Node("ReduceSum", "score", "features").Attribute("keepdims", 1).Output("score", -1, 1).ToBytes();
        using var folder = new TestFolder().With(bytes);
        Assert.NotEmpty(Refusal(folder));
    }

    /// <summary>M11: what the file claims must not be believed before it is paid for.</summary>
    [Fact]
    public void Load_of_a_tensor_that_claims_more_than_it_holds_is_refused_without_taking_the_memory()
    {
        var bytes = new OnnxGraph("huge").Input("features", -1, TestModels.F).Floats("w", [1f], TestModels.F, 1L << 40).Node("MatMul", "score", "features", "w").Output("score", -1, 1).ToBytes();
        using var folder = new TestFolder().With(bytes);
        var before = GC.GetTotalAllocatedBytes();
        Assert.NotEmpty(Refusal(folder));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64L << 20);
    }

    [Fact]
    public void Load_of_an_operator_of_another_library_is_refused()
    {
        var bytes = new OnnxGraph("custom").Input("features", -1, TestModels.F).Node("shell.evil.RunCommand", "score", "features").Output("score", -1, 1).ToBytes();
        using var folder = new TestFolder().With(bytes);
        Assert.Contains("ONNX Runtime refused the model", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_deleted_in_run_leave_the_model_serving()
    {
        using var folder = new TestFolder().With(TestModels.FirstColumn(3));
        await using var service = Start(folder);
        File.Delete(Path.Combine(folder.Path, "model.onnx"));
        await OnnxScorerTests.Eventually(() => service.Status.LastRefusal?.Contains("model.onnx cannot be read", StringComparison.Ordinal) == true);
        File.Delete(Path.Combine(folder.Path, "manifest.json"));
        var request = TestModels.Request(2);
        Assert.Equal(ScoreOutcome.Scored, await service.Scorer.ScoreAsync(request, Stop));
        Assert.Equal(6f, request.Scores.Span[0]);
        Assert.Equal("test/1", service.Scorer.ModelVersion);
    }

    /// <summary>The manifest is there first and the model grows in place, as a plain copy does: nothing of it serves before the last byte is there.</summary>
    [Fact]
    public async Task Model_that_grows_in_place_serves_only_when_it_is_whole()
    {
        using var folder = new TestFolder().With(TestModels.FirstColumn());
        await using var service = Start(folder);
        var two = TestModels.FirstColumn(2);
        folder.Put("manifest.json", ModelManifestJson.Write(TestModels.Manifest(two, "2")));
        var request = TestModels.Request(3);
        await using (var file = new FileStream(Path.Combine(folder.Path, "model.onnx"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            for (var at = 0; at < two.Length; at += 40)
            {
                Assert.Equal("test/1", service.Scorer.ModelVersion);
                Assert.Equal(ScoreOutcome.Scored, await service.Scorer.ScoreAsync(request, Stop));
                Assert.Equal(3f, request.Scores.Span[0]);
                await file.WriteAsync(two.AsMemory(at, Math.Min(40, two.Length - at)), Stop);
                await file.FlushAsync(Stop);
                await Task.Delay(30, Stop);
            }
        }

        await OnnxScorerTests.Eventually(() => service.Scorer.ModelVersion == "test/2");
        Assert.Equal(ScoreOutcome.Scored, await service.Scorer.ScoreAsync(request, Stop));
        Assert.Equal(6f, request.Scores.Span[0]);
    }

    private static ScoringService Start(TestFolder folder) =>
        ScoringService.Start(Cpu with { ModelFolder = folder.Path, PollInterval = TimeSpan.FromMilliseconds(100) }, NullLoggerFactory.Instance, TimeProvider.System);

    private static byte[] Spoil(string how)
    {
        var whole = TestModels.FirstColumn();
        switch (how)
        {
            case "empty": return [];
            case "html": return Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>");
            case "gzip": return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, .. RandomNumberGenerator.GetBytes(64)];
            case "text": return Encoding.UTF8.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n");
            case "other operator set":
                Assert.Equal(OnnxGraph.Opset, whole[^1]); // the last field that the writer writes
                return [.. whole[..^1], 127];
            case "newer format":
                Assert.Equal(8, whole[0]); // field 1, a number: the format's version
                return [8, 127, .. whole[2..]];
            default: throw new ArgumentOutOfRangeException(nameof(how));
        }
    }

    private static string Refusal(TestFolder folder)
    {
        var before = LoadedModel.Live;
        var message = Assert.Throws<ModelRefusedException>(() => ModelLoader.Load(folder.Path, Cpu)).Message;
        Assert.Equal(before, LoadedModel.Live);
        return message;
    }
}
