using System.Globalization;
using Microsoft.Extensions.Logging;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Kafka.Topics;

/// <summary>
/// Makes the topics ready at start: what the state belongs to → what is there → compare → create what is missing → record. A difference that state
/// cannot survive stops the start.
/// </summary>
/// <param name="options">Validated settings.</param>
/// <param name="logger">Log.</param>
public sealed class KafkaTopics(KafkaOptions options, ILogger<KafkaTopics> logger)
{
    /// <summary>Name of the record's blob in the store.</summary>
    public const string BlobName = "topology";

    /// <summary>Checks, creates and records. Throws <see cref="TopologyMismatchException"/> or <see cref="BrokerUnavailableException"/>.</summary>
    public async Task<TopologyReport> PrepareAsync(ISnapshotStore store, CancellationToken cancellation)
    {
        using var admin = Admin();
        // 1. What the state belongs to, and what is there.
        var bytes = await store.ReadBlobAsync(BlobName, cancellation).ConfigureAwait(false);
        var stored = bytes is null ? null : TopologyCheck.Trusted(TopologyRecord.FromBytes(bytes), store.Description);
        var names = TopicSpecs.All(options, 1).Select(spec => spec.Name).ToList();
        if (stored is not null) names.AddRange(stored.Topics.Select(topic => topic.Name).Except(names).ToList());
        var found = await admin.DescribeAsync(names).ConfigureAwait(false);
        var specs = TopicSpecs.All(options, found.TryGetValue(options.Topics.Events, out var events) ? events.Partitions : options.Partitions);
        if (stored is not null) TopologyCheck.RequirePresent(stored, specs, found);

        // 2. What is missing.
        (specs, var created) = await CreateMissingAsync(admin, specs, found, cancellation).ConfigureAwait(false);

        // 3. Compare and record.
        var record = await DescribeAsync(admin, specs, cancellation).ConfigureAwait(false);
        var warnings = new List<string>();
        // Against the record first: only it knows that state exists, which no advice for a fresh start may touch.
        if (stored is not null) warnings.AddRange(TopologyCheck.Compare(stored, record, specs));
        TopologyCheck.RequireCoPartitioned(record, specs);
        if (stored?.Hash != record.Hash) await store.WriteBlobAsync(BlobName, record.ToBytes(), cancellation).ConfigureAwait(false);
        var createTime = await CreateTimeAsync(admin, specs).ConfigureAwait(false);
        warnings.AddRange(createTime.Select(topic => $"topic '{topic}' has CreateTime: times are the producers' word. Set message.timestamp.type=LogAppendTime."));
        var control = options.Topics.Control;
        var takes = (await admin.ConfigAsync([control], TopicSpec.MaxMessageBytes).ConfigureAwait(false))[control];
        if (long.Parse(takes, CultureInfo.InvariantCulture) < KafkaOptions.ControlMaxBytes)
        {
            warnings.Add($"topic '{control}' takes records of at most {takes} bytes: a batch that holds back or brings back thousands of users at once may need more, and its shard would stand. "
                + $"Set {TopicSpec.MaxMessageBytes}={KafkaOptions.ControlMaxBytes}.");
            KafkaMetrics.TopologyWarning("control_max_bytes");
        }

        foreach (var warning in warnings) KafkaLog.Topology(logger, warning);
        foreach (var _ in createTime) KafkaMetrics.TopologyWarning("create_time");
        return new TopologyReport(record, created, warnings, createTime);
    }

    /// <summary>Partitions of a topic; null where it does not exist.</summary>
    public async Task<int?> PartitionsAsync(string topic)
    {
        using var admin = Admin();
        var found = await admin.DescribeAsync([topic]).ConfigureAwait(false);
        return found.TryGetValue(topic, out var description) ? description.Partitions : null;
    }

    /// <summary>Partitions and id of a topic; null where it does not exist. A topic made anew under its old name has another id.</summary>
    public async Task<TopicIdentity?> FindAsync(string topic)
    {
        using var admin = Admin();
        var found = await admin.DescribeAsync([topic]).ConfigureAwait(false);
        return found.TryGetValue(topic, out var description) ? new TopicIdentity(description.Id, description.Partitions) : null;
    }

    /// <summary>Creates missing topics without a store, for commands that only write or read. Answers the partitions of events.</summary>
    public async Task<int> EnsureAsync(CancellationToken cancellation)
    {
        using var admin = Admin();
        var found = await admin.DescribeAsync(TopicSpecs.All(options, 1).Select(spec => spec.Name)).ConfigureAwait(false);
        var specs = TopicSpecs.All(options, found.TryGetValue(options.Topics.Events, out var events) ? events.Partitions : options.Partitions);
        (specs, _) = await CreateMissingAsync(admin, specs, found, cancellation).ConfigureAwait(false);
        var record = await DescribeAsync(admin, specs, cancellation).ConfigureAwait(false);
        TopologyCheck.RequireCoPartitioned(record, specs);
        return record.Partitions;
    }

    /// <summary>Creates the audit topic where it is missing. Throws <see cref="TopologyMismatchException"/> where it may not, or <see cref="BrokerUnavailableException"/>.</summary>
    public async Task EnsureAuditAsync(CancellationToken cancellation)
    {
        using var admin = Admin();
        var spec = TopicSpecs.Audit(options);
        var found = await admin.DescribeAsync([spec.Name]).ConfigureAwait(false);
        await CreateMissingAsync(admin, [spec], found, cancellation).ConfigureAwait(false);
    }

    private TopicAdmin Admin() => new(options, message => KafkaLog.Client(logger, LogLevel.Debug, "admin", message.Facility, message.Message));

    // Events first: where somebody else was quicker with it, its count is theirs, and holds for the others too.
    private async Task<(IReadOnlyList<TopicSpec> Specs, List<string> Created)> CreateMissingAsync(
        TopicAdmin admin, IReadOnlyList<TopicSpec> specs, Dictionary<string, TopologyTopic> found, CancellationToken cancellation)
    {
        var events = options.Topics.Events;
        var missing = specs.Where(spec => !found.ContainsKey(spec.Name)).OrderBy(spec => spec.Name != events).ToList();
        if (missing.Count > 0 && !options.CreateTopics)
            throw new TopologyMismatchException($"topics are missing and {nameof(KafkaOptions.CreateTopics)} is off: {string.Join(", ", missing.Select(spec => $"{spec.Name} ({spec.Partitions} partitions)"))}.");
        var created = new List<string>();
        for (var i = 0; i < missing.Count; i++)
        {
            var spec = missing[i];
            if (await admin.CreateAsync(spec, options.ReplicationFactor).ConfigureAwait(false))
            {
                created.Add(spec.Name);
                KafkaLog.TopicCreated(logger, spec.Name, spec.Partitions);
            }
            else if (spec.Name == events)
            {
                specs = TopicSpecs.All(options, (await admin.DescribeAllAsync([events], cancellation).ConfigureAwait(false))[events].Partitions);
                missing = missing.ConvertAll(late => specs.Single(theirs => theirs.Name == late.Name));
            }
        }

        return (specs, created);
    }

    private static async Task<TopologyRecord> DescribeAsync(TopicAdmin admin, IReadOnlyList<TopicSpec> specs, CancellationToken cancellation)
    {
        var now = await admin.DescribeAllAsync(specs.Select(spec => spec.Name).ToList(), cancellation).ConfigureAwait(false);
        return new TopologyRecord { Topics = specs.Select(spec => now[spec.Name] with { Role = spec.Role }).ToList() }.Sealed();
    }

    private static async Task<List<string>> CreateTimeAsync(TopicAdmin admin, IReadOnlyList<TopicSpec> specs)
    {
        var appended = specs.Where(spec => spec.AppendTime).Select(spec => spec.Name).ToList();
        var types = await admin.ConfigAsync(appended, "message.timestamp.type").ConfigureAwait(false);
        return appended.Where(name => types[name] != "LogAppendTime").ToList();
    }
}
