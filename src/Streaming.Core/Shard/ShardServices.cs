using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Score;

namespace Streaming.Core.Shard;

/// <summary>What every shard of a node shares, and the settings it works by.</summary>
public sealed record ShardServices
{
    /// <summary>The node's item numbers.</summary>
    public required ItemDictionary Items { get; init; }
    /// <summary>Makes a decoder; each shard has its own.</summary>
    public required Func<IEventDecoder> Decoder { get; init; }
    /// <summary>Makes a recommender over the node's item index; each shard has its own.</summary>
    public required Func<IRecommender> Recommender { get; init; }
    /// <summary>The node's scoring service.</summary>
    public required IScorer Scorer { get; init; }
    /// <summary>Item-vector tables.</summary>
    public required IVectorTables VectorTables { get; init; }
    /// <summary>Clock for emission times, budgets and back-offs; never for Fold.</summary>
    public required TimeProvider Time { get; init; }
    /// <summary>Number of partitions of <c>events</c>.</summary>
    public required int Partitions { get; init; }
    /// <summary>Topic names, for dead letters.</summary>
    public TopicNames Topics { get; init; } = new();
    /// <summary>Fold settings that should be in force.</summary>
    public FoldOptions Fold { get; init; } = new();
    /// <summary>Consent of profiles that start.</summary>
    public ConsentFlags ConsentDefault { get; init; } = ConsentFlags.None;
    /// <summary>How shards work.</summary>
    public ShardOptions Shard { get; init; } = new();
    /// <summary>Churn alerts.</summary>
    public ChurnOptions Churn { get; init; } = new();
    /// <summary>The zone that <see cref="ChurnOptions.TimeZone"/> names: whoever starts the engine looks it up, a shard reads no files.</summary>
    public TimeZoneInfo ChurnZone { get; init; } = TimeZoneInfo.Utc;
}
