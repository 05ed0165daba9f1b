using System.Globalization;

namespace Streaming.Kafka.Topics;

/// <summary>The engine's topics with their settings.</summary>
internal static class TopicSpecs
{
    private const int MaxSharedPartitions = 4;

    /// <summary>All topics for a partition count of events; events itself comes first.</summary>
    public static IReadOnlyList<TopicSpec> All(KafkaOptions options, int partitions)
    {
        var names = options.Topics;
        var source = Retained(options.RetentionHours);
        // What the engine writes has the broker's time: a broker refuses records whose time is an hour ahead of its own, and an engine whose clock is wrong would commit nothing.
        var appended = Appended(source);
        var output = Appended(Retained(options.OutputRetentionHours));
        var compacted = new Dictionary<string, string> { ["cleanup.policy"] = "compact" };
        // Read whole by every node and keyed by item or rule, not by user: few partitions are enough, however many shards there are.
        var shared = Math.Min(partitions, MaxSharedPartitions);
        return
        [
            new("events", names.Events, true, true, true, partitions, appended),
            new("links", names.Links, true, true, true, partitions, appended),
            new("control", names.Control, true, true, true, partitions, new Dictionary<string, string>(appended) { [TopicSpec.MaxMessageBytes] = KafkaOptions.ControlMaxBytes.ToString(CultureInfo.InvariantCulture) }),
            new("sessions", names.Sessions, true, true, false, partitions, appended),
            new("recommendations", names.Recommendations, true, false, false, partitions, output),
            new("churn-alerts", names.ChurnAlerts, true, false, false, partitions, output),
            new("offers", names.Offers, true, false, false, partitions, output),
            new("outcomes", names.Outcomes, true, false, false, partitions, output),
            new("dead-letters", names.DeadLetters, true, false, false, partitions, output),
            new("segments", names.Segments, true, false, false, partitions, Appended(compacted)),
            new("trends", names.Trends, false, false, false, 1, output),
            new("catalog", names.Catalog, false, false, false, shared, compacted),
            new("campaigns", names.Campaigns, false, false, false, 1, compacted),
            new("merchandising", names.Merchandising, false, false, false, 1, compacted),
        ];
    }

    /// <summary>The audit log of the HTTP interface. No state rests on it, so that it is in no topology record; one partition, in which entries have one order.</summary>
    public static TopicSpec Audit(KafkaOptions options) => new("audit", options.Topics.Audit, false, false, false, 1, Appended(Retained(options.RetentionHours)));

    private static Dictionary<string, string> Appended(Dictionary<string, string> settings) => new(settings) { ["message.timestamp.type"] = "LogAppendTime" };

    private static Dictionary<string, string> Retained(int hours) => new()
    {
        ["cleanup.policy"] = "delete",
        ["retention.ms"] = (hours * 3_600_000L).ToString(CultureInfo.InvariantCulture),
    };
}
