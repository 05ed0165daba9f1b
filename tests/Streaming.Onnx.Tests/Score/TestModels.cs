using System.Security.Cryptography;
using Streaming.Core.Score;
using Streaming.Training.Onnx;

namespace Streaming.Onnx.Tests.Score;

/// <summary>Tiny models, and folders to put them in.</summary>
internal static class TestModels
{
    public static int F => RankerFeatures.Count;

    /// <summary>score = factor × the first feature, shape [rows, 1].</summary>
    public static byte[] FirstColumn(float factor = 1)
    {
        var weights = new float[F];
        weights[0] = factor;
        return new OnnxGraph("first").Input("features", -1, F).Floats("w", weights, F, 1).Node("MatMul", "score", "features", "w").Output("score", -1, 1).ToBytes();
    }

    /// <summary>The same, shape [rows].</summary>
    public static byte[] FirstColumnAsVector()
    {
        var weights = new float[F];
        weights[0] = 1;
        return new OnnxGraph("first").Input("features", -1, F).Floats("w", weights, F, 1).Integers("shape", [-1], 1)
            .Node("MatMul", "matrix", "features", "w").Node("Reshape", "score", "matrix", "shape").Output("score", -1).ToBytes();
    }

    /// <summary>score = log(first feature): NaN where it is below 0, infinite at 0.</summary>
    public static byte[] LogOfFirstColumn()
    {
        var weights = new float[F];
        weights[0] = 1;
        return new OnnxGraph("log").Input("features", -1, F).Floats("w", weights, F, 1).Node("MatMul", "x", "features", "w").Node("Log", "score", "x").Output("score", -1, 1).ToBytes();
    }

    /// <summary>score = table[first feature]: the run fails where it is not 0, 1 or 2.</summary>
    public static byte[] Lookup()
    {
        var weights = new float[F];
        weights[0] = 1;
        return new OnnxGraph("lookup").Input("features", -1, F).Floats("w", weights, F, 1).Floats("table", [10, 11, 12], 3).Node("MatMul", "x", "features", "w")
            .Node("Cast", "index", "x").Attribute("to", 7).Node("Gather", "score", "table", "index").Output("score", -1, 1).ToBytes();
    }

    public static ModelManifest Manifest(byte[] model, string version = "1") => new()
    {
        Kind = ModelManifest.RankerKind, Name = "test", Version = version, Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
        Inputs = [new TensorSpec("features", TensorSpec.Float32, [-1, F])], Outputs = [new TensorSpec("score", TensorSpec.Float32, [-1, 1])],
        Features = RankerFeatures.Names, FeatureHash = RankerFeatures.Hash,
    };

    public static ScoreRequest Request(params float[] firstColumn)
    {
        var request = new ScoreRequest { Deadline = TimeSpan.FromSeconds(60) };
        request.Resize(firstColumn.Length);
        request.Features.Span.Clear();
        for (var r = 0; r < firstColumn.Length; r++) request.Features.Span[r * F] = firstColumn[r];
        return request;
    }
}
