using System.Text;
using Streaming.Training.Onnx;
using Streaming.Training.Trees;

namespace Streaming.Training.NextItem;

/// <summary>Writes the hybrid's trees as ONNX: input <c>features</c> [N, F], output <c>score</c> [N, 1], a candidate a row; only the order within one prefix means anything.</summary>
internal static class NextItemRankerOnnx
{
    /// <summary>Name of the file.</summary>
    public const string File = "ranker.onnx";

    /// <summary>Names of the features in column order.</summary>
    public static readonly IReadOnlyList<string> Features = [.. Enumerable.Range(0, HybridCandidates.Features).Select(f => ((HybridFeature)f).ToString())];

    /// <summary>Name of the list: sha256 of the names, a line each.</summary>
    public static string Hash => ModelHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', Features)));

    /// <summary>The bytes.</summary>
    /// <param name="trees">At least one.</param>
    public static byte[] Write(BoostedTrees trees) =>
        new OnnxGraph("next-item-ranker").Metadata("feature_hash", Hash).Metadata("features", string.Join(',', Features)).Input("features", -1, Features.Count)
            .TreeEnsemble("score", "features", trees.ToEnsemble(0)).Output("score", -1, 1).ToBytes();
}
