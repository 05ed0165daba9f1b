namespace Streaming.Training.Onnx;

/// <summary>Writes a <see cref="Onnx.TreeEnsemble"/> into a graph. https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html, version 3.</summary>
public static class TreeEnsembleNode
{
    private const string Domain = "ai.onnx.ml";
    private const int Version = 3;

    /// <summary>Adds a node [rows, features] → [rows, 1] with the sum of the trees.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="output">Name of what it makes.</param>
    /// <param name="input">Name of the features.</param>
    /// <param name="ensemble">The trees; at least one.</param>
    public static OnnxGraph TreeEnsemble(this OnnxGraph graph, string output, string input, TreeEnsemble ensemble)
    {
        graph.Import(Domain, Version).Node("TreeEnsembleRegressor", output, input).InDomain(Domain);
        var nodes = ensemble.Trees.SelectMany((tree, t) => Enumerable.Range(0, tree.Feature.Length).Select(n => (Tree: tree, Number: t, Node: n))).ToArray();
        var leaves = nodes.Where(n => n.Tree.Feature[n.Node] < 0).ToArray();
        graph.Attribute("n_targets", 1).Attribute("aggregate_function", "SUM").Attribute("post_transform", "NONE").Attribute("base_values", [ensemble.Base]);
        graph.Attribute("nodes_treeids", nodes.Select(n => (long)n.Number)).Attribute("nodes_nodeids", nodes.Select(n => (long)n.Node));
        graph.Attribute("nodes_featureids", nodes.Select(n => Math.Max(0L, n.Tree.Feature[n.Node])));
        graph.Attribute("nodes_values", nodes.Select(n => n.Tree.Threshold[n.Node]));
        graph.Attribute("nodes_modes", nodes.Select(n => n.Tree.Feature[n.Node] < 0 ? "LEAF" : "BRANCH_LEQ"));
        graph.Attribute("nodes_truenodeids", nodes.Select(n => (long)n.Tree.Left[n.Node])).Attribute("nodes_falsenodeids", nodes.Select(n => (long)n.Tree.Right[n.Node]));
        graph.Attribute("target_treeids", leaves.Select(n => (long)n.Number)).Attribute("target_nodeids", leaves.Select(n => (long)n.Node));
        return graph.Attribute("target_ids", leaves.Select(_ => 0L)).Attribute("target_weights", leaves.Select(n => n.Tree.Value[n.Node]));
    }
}
