using Streaming.Core.Errors;

namespace Streaming.Kafka.Topics;

/// <summary>Holds what the broker has now against what the engine's state belongs to.</summary>
internal static class TopologyCheck
{
    private const string Remedy =
        " Either bring the topic back as it was (from a backup or mirror that keeps offsets), or begin a new engine: an empty snapshot store, a new group id and a new transactional id prefix; it then reads events from their start.";

    /// <summary>Throws where a record read back is damaged or of another kind.</summary>
    public static TopologyRecord Trusted(TopologyRecord? stored, string where)
    {
        if (stored is null) throw new TopologyMismatchException($"the topology record in {where} cannot be read; restore the blob 'topology' from a backup of the store.");
        if (stored.Version > 1) throw new TopologyMismatchException($"the topology record in {where} has version {stored.Version}; this engine knows 1. Run the newer engine.");
        if (stored.Hash != stored.ComputeHash()) throw new TopologyMismatchException($"the topology record in {where} was changed or damaged (hash); restore the blob 'topology' from a backup of the store.");
        if (stored.Partitioner != "murmur2") throw new TopologyMismatchException($"the state in {where} was begun with partitioner '{stored.Partitioner}'; this engine places users by murmur2." + Remedy);
        return stored;
    }

    /// <summary>Before anything is created: a recorded topic that offsets refer to must still be there. One created in its place would be another.</summary>
    public static void RequirePresent(TopologyRecord stored, IReadOnlyList<TopicSpec> specs, IReadOnlyDictionary<string, TopologyTopic> found)
    {
        foreach (var spec in specs.Where(spec => spec.IdMatters))
            if (stored.Topics.FirstOrDefault(topic => topic.Role == spec.Role) is { } old && !found.ContainsKey(old.Name))
                throw new TopologyMismatchException($"topic '{old.Name}' ({old.Role}) existed when this engine's state was begun and is gone." + Remedy);
    }

    /// <summary>Throws at the first difference that state cannot survive; answers those that it can.</summary>
    public static IReadOnlyList<string> Compare(TopologyRecord stored, TopologyRecord now, IReadOnlyList<TopicSpec> specs)
    {
        var warnings = new List<string>();
        foreach (var old in stored.Topics)
        {
            if (specs.FirstOrDefault(spec => spec.Role == old.Role) is not { } spec) continue;
            if (now.Topics.FirstOrDefault(topic => topic.Role == old.Role) is not { } topic) continue;
            if (topic.Name != old.Name && spec.IdMatters)
                throw new TopologyMismatchException($"{old.Role} was topic '{old.Name}' when this engine's state was begun; settings now say '{topic.Name}'." + Remedy);
            if (topic.Partitions != old.Partitions && spec.CoPartitioned)
                throw new TopologyMismatchException($"topic '{topic.Name}' has {topic.Partitions} partitions, {old.Partitions} when this engine's state was begun: users would move to shards that do not know them." + Remedy);
            if (topic.Id == old.Id) continue;
            if (spec.IdMatters)
                throw new TopologyMismatchException($"topic '{topic.Name}' was created anew (id {topic.Id}, {old.Id} when this engine's state was begun): stored offsets mean other records." + Remedy);
            warnings.Add($"topic '{topic.Name}' was created anew; what it held before is gone.");
        }

        return warnings;
    }

    /// <summary>Throws where topics that shards read and write by their own number do not have the count of events.</summary>
    public static void RequireCoPartitioned(TopologyRecord now, IReadOnlyList<TopicSpec> specs)
    {
        foreach (var spec in specs.Where(spec => spec.CoPartitioned))
            if (now.Topics.FirstOrDefault(topic => topic.Role == spec.Role) is { } topic && topic.Partitions != now.Partitions)
                throw new TopologyMismatchException(
                    $"topic '{topic.Name}' has {topic.Partitions} partitions, events has {now.Partitions}; they must be equal. Delete '{topic.Name}' if it holds nothing of value (it is created again), or add partitions to it before the engine's first start.");
    }
}
