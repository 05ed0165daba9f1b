using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;

namespace Streaming.Training.History;

/// <summary>Settings under which a history is replayed: a model should be trained under those it will serve under.</summary>
public sealed record HistoryReplayOptions
{
    /// <summary>Fold.</summary>
    public FoldOptions Fold { get; init; } = new();
    /// <summary>Item index.</summary>
    public ItemIndexOptions Index { get; init; } = new();
    /// <summary>Recall.</summary>
    public RecallOptions Recall { get; init; } = new();
    /// <summary>Rerank.</summary>
    public RerankOptions Rerank { get; init; } = new();

    /// <summary>Every error at once.</summary>
    public IEnumerable<string> Validate() => Index.Validate().Concat(Recall.Validate()).Concat(Rerank.Validate());
}
