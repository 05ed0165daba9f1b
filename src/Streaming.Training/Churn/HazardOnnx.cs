using Streaming.Training.Onnx;

namespace Streaming.Training.Churn;

/// <summary>Writes a hazard as ONNX: input <c>features</c> [N, F], output <c>score</c> [N, 1], P(a purchase within the week).</summary>
internal static class HazardOnnx
{
    /// <summary>The bytes.</summary>
    /// <param name="hazard">The hazard.</param>
    /// <param name="treesShare">Share of the trees in the logit, 0 to 1; a part without a share is left out.</param>
    public static byte[] Write(HazardModel hazard, double treesShare)
    {
        var graph = new OnnxGraph("churn").Metadata("feature_hash", ChurnFeatures.Hash).Input("features", -1, ChurnFeatures.Count);
        if (treesShare < 1) Logistic(graph, hazard.Logistic);
        if (treesShare > 0) graph.TreeEnsemble("trees", "features", hazard.Trees!);
        var logit = treesShare switch
        {
            <= 0 => "logistic",
            >= 1 => "trees",
            _ => Mixed(graph, (float)treesShare),
        };
        return graph.Node("Sigmoid", "score", logit).Output("score", -1, 1).ToBytes();
    }

    private static void Logistic(OnnxGraph graph, LogisticModel model)
    {
        graph.Floats("mean", model.Mean, ChurnFeatures.Count).Floats("inverse_deviation", model.Inverse, ChurnFeatures.Count);
        graph.Floats("low", [-LogisticModel.Limit]).Floats("high", [LogisticModel.Limit]);
        graph.Floats("weights", model.Weights, ChurnFeatures.Count, 1).Floats("bias", [model.Bias], 1);
        graph.Node("Sub", "centred", "features", "mean").Node("Mul", "scaled", "centred", "inverse_deviation").Node("Clip", "clipped", "scaled", "low", "high");
        graph.Node("Gemm", "logistic", "clipped", "weights", "bias");
    }

    private static string Mixed(OnnxGraph graph, float treesShare)
    {
        graph.Floats("logistic_share", [1 - treesShare], 1).Floats("trees_share", [treesShare], 1);
        graph.Node("Mul", "logistic_part", "logistic", "logistic_share").Node("Mul", "trees_part", "trees", "trees_share").Node("Add", "logit", "logistic_part", "trees_part");
        return "logit";
    }
}
