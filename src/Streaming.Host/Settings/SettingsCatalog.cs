using Streaming.Api.Settings;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Shard;
using Streaming.Host.Ports;
using Streaming.Kafka;
using Streaming.Onnx;
using Streaming.Pipeline.Membership;
using Streaming.Pipeline.Shards;
using Streaming.Snapshots.Cassandra;
using Streaming.Snapshots.Sqlite;

namespace Streaming.Host.Settings;

/// <summary>Every section there is: one line each.</summary>
internal static class SettingsCatalog
{
    /// <summary>The sections, in the order they are shown.</summary>
    public static readonly IReadOnlyList<SettingsSection> Sections =
    [
        SettingsSection.Of<KafkaOptions>("Kafka", "The broker and the topics."),
        SettingsSection.Of<StoreOptions>("Store", "Where profiles are kept.", nameof(StoreOptions.Location)),
        SettingsSection.Of<SqliteOptions>("Sqlite", "The embedded store, where `Store` is `sqlite:FOLDER`.") with { Derived = [nameof(SqliteOptions.Folder)] },
        SettingsSection.Of<CassandraOptions>("Cassandra", "The store for any number of hosts, where `Store` is `cassandra:HOST:PORT`.") with { Derived = [nameof(CassandraOptions.ContactPoints)] },
        SettingsSection.Of<ConsentOptions>("Consent", "What holds for a user who never said yes or no.", nameof(ConsentOptions.Default)),
        SettingsSection.Of<DecodeOptions>("Decode", "Limits of one event."),
        SettingsSection.Of<FoldOptions>("Fold", "How events become a profile."),
        SettingsSection.Of<VectorOptions>("Vectors", "Item vectors."),
        SettingsSection.Of<ItemIndexOptions>("ItemIndex", "What a node keeps about items."),
        SettingsSection.Of<ItemIndexFileOptions>("ItemIndexFile", "The item index on this node's disk, for a fast start."),
        SettingsSection.Of<RecallOptions>("Recall", "How candidates are gathered.") with { Derived = [nameof(RecallOptions.RepeatHalfLife), nameof(RecallOptions.InterestHalfLife)] },
        SettingsSection.Of<OnnxScorerOptions>("Score", "How candidates are scored."),
        SettingsSection.Of<RerankOptions>("Rerank", "What may be shown, and how a list is spread."),
        SettingsSection.Of<ChurnOptions>("Churn", "When a customer counts as about to leave."),
        SettingsSection.Of<ShardOptions>("Shard", "How a shard works its partition."),
        SettingsSection.Of<ShardDriverOptions>("Driver", "How errors of a shard are answered."),
        SettingsSection.Of<ClusterOptions>("Cluster", "This node's place among others.") with { Derived = [nameof(ClusterOptions.Partitions)] },
        SettingsSection.Of<HttpOptions>("Http", "Metrics, health and queries over HTTP."),
        SettingsSection.Of<ApiOptions>("Api", "The HTTP interface below `/v1` ([http-api.md](http-api.md)); off as long as it answers nobody: no keys, no tokens.") with
        {
            Derived = [$"{nameof(ApiOptions.Privacy)}:{nameof(PrivacyOptions.RetentionHours)}", $"{nameof(ApiOptions.Privacy)}:{nameof(PrivacyOptions.OutputRetentionHours)}"],
            Check = options => ServedApi.Errors((ApiOptions)options, isDevelopment: false),
        },
        SettingsSection.Of<LifetimeOptions>("Lifetime", "Start, readiness and drain."),
    ];

    /// <summary>The sections as the demo checks them: it is the one host in the Development environment.</summary>
    public static readonly IReadOnlyList<SettingsSection> OfDemo =
        [.. Sections.Select(s => s.Type == typeof(ApiOptions) ? s with { Check = options => ServedApi.Errors((ApiOptions)options, isDevelopment: true) } : s)];
}
