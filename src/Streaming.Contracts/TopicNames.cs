namespace Streaming.Contracts;

/// <summary>The topics of the engine (docs/architecture.md). A prefix keeps several engines apart on one Kafka cluster.</summary>
/// <param name="Prefix">Put before every name; empty by default.</param>
/// <param name="EventsTopic">Overrides the name of <see cref="Events"/>, for shops that already have one.</param>
public sealed record TopicNames(string Prefix = "", string? EventsTopic = null)
{
    /// <summary>In: behaviour events, key = user or guest id.</summary>
    public string Events => EventsTopic ?? Prefix + "events";
    /// <summary>In: item data, key = item id, compacted.</summary>
    public string Catalog => Prefix + "catalog";
    /// <summary>In: campaigns, compacted.</summary>
    public string Campaigns => Prefix + "campaigns";
    /// <summary>In: merchandising rules, compacted.</summary>
    public string Merchandising => Prefix + "merchandising";
    /// <summary>Out: ranked items per user and surface.</summary>
    public string Recommendations => Prefix + "recommendations";
    /// <summary>Out: users at risk of leaving, once an episode.</summary>
    public string ChurnAlerts => Prefix + "churn-alerts";
    /// <summary>Out: segment changes, compacted.</summary>
    public string Segments => Prefix + "segments";
    /// <summary>Out: campaign offers.</summary>
    public string Offers => Prefix + "offers";
    /// <summary>Out: items in sudden demand.</summary>
    public string Trends => Prefix + "trends";
    /// <summary>Out: input that could not be applied, with its reason and raw bytes.</summary>
    public string DeadLetters => Prefix + "dead-letters";
    /// <summary>Internal: closed sessions, the item index's only source.</summary>
    public string Sessions => Prefix + "sessions";
    /// <summary>Internal: guest deltas on their way to the known user's shard.</summary>
    public string Links => Prefix + "links";
    /// <summary>Internal: one batch record a transaction, and requests to shards.</summary>
    public string Control => Prefix + "control";
    /// <summary>Internal: exposures joined with their outcome.</summary>
    public string Outcomes => Prefix + "outcomes";
    /// <summary>Out: who did what over the HTTP interface; there only where that is served.</summary>
    public string Audit => Prefix + "audit";
}
