using Microsoft.ML.OnnxRuntime;
using Streaming.Core.Items;
using Streaming.Training.NextItem;

namespace Streaming.Training.Tests.NextItem;

/// <summary>The written ranker, run by ONNX Runtime, against the hybrid's own trees, on the candidates of prefixes.</summary>
public sealed class NextItemRankerParityTests
{
    [Fact]
    public void Score_live_equals_offline_to_1e5()
    {
        var ids = new ItemDictionary();
        var log = SmallShop.Log(ids, [.. SmallShop.Sessions(400, 1)]);
        var hybrid = new HybridTrainer(log, IdOrder.Places(ids, log.ItemCount), SmallShop.Small, 1).Train(null, TestContext.Current.CancellationToken);
        Assert.True(hybrid.Trees.Count > 1);
        using var session = new InferenceSession(NextItemRankerOnnx.Write(hybrid.Trees));
        Assert.Equal(NextItemRankerOnnx.Hash, session.ModelMetadata.CustomMetadataMap["feature_hash"]);
        var candidates = new HybridCandidates(hybrid.Sources);
        foreach (int[] prefix in (int[][])[[], [0], [1, 2, 1, 3], [1_000_000], .. Enumerable.Range(0, 40).Select(s => log[s].ToArray())])
        {
            candidates.Gather(prefix);
            var rows = candidates.Rows.ToArray();
            using var input = OrtValue.CreateTensorValueFromMemory(rows, [candidates.Count, HybridCandidates.Features]);
            using var options = new RunOptions();
            using var outputs = session.Run(options, ["features"], [input], ["score"]);
            Assert.Equal([candidates.Count, 1], outputs[0].GetTensorTypeAndShape().Shape);
            var live = outputs[0].GetTensorDataAsSpan<float>();
            for (var c = 0; c < candidates.Count; c++) Assert.Equal(hybrid.Trees.Score(candidates.Row(c)), live[c], 1e-5f);
        }
    }

    [Fact]
    public void Curve_is_highest_at_the_trees_that_were_kept()
    {
        var ids = new ItemDictionary();
        var log = SmallShop.Log(ids, [.. SmallShop.Sessions(400, 1)]);
        var hybrid = new HybridTrainer(log, IdOrder.Places(ids, log.ItemCount), SmallShop.Small, 1).Train(null, TestContext.Current.CancellationToken);
        Assert.True(hybrid.Trees.Count > 1);
        Assert.Equal(hybrid.Choice, hybrid.Curve[hybrid.Trees.Count - 1]);
        var values = hybrid.Curve.Select(c => c.P20 + (2.5 * c.Mrr20)).ToList();
        Assert.Equal(hybrid.Trees.Count, values.IndexOf(values.Max()) + 1);
    }
}
