using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Kafka;

namespace Streaming.Faults.Engine;

/// <summary>Which shards have not got past the end of their input. The end is the broker's: an engine whose reader stands sees no lag.</summary>
/// <param name="ends">Asks the broker for the ends of events and links.</param>
/// <param name="records">Counts the readable records of a partition from an offset on.</param>
/// <param name="events">Name of the events topic.</param>
internal sealed class UnreadInput(Func<CancellationToken, Task<List<PartitionEnd>>> ends, Func<PartitionEnd, long, CancellationToken, Task<long>> records, string events)
{
    private const int MostRecords = 5000;

    /// <summary>That of a case.</summary>
    public static UnreadInput Of(KafkaOptions kafka) => new(
        cancellation => new TopicEnds(kafka.BootstrapServers, "").ReadAsync(t => t == kafka.Topics.Events || t == kafka.Topics.Links, cancellation),
        (end, from, cancellation) => RecordsAsync(kafka, end, from, cancellation),
        kafka.Topics.Events);

    /// <summary>One line for each shard with records that it has not committed; none where every shard is past its end.</summary>
    /// <param name="status">What the engine says of its shards.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<List<string>> StandingAsync(JsonElement status, CancellationToken cancellation)
    {
        var (phases, ofEvents, ofLinks) = (ShardStates.PhaseOf(status), ShardStates.CommittedOf(status), ShardStates.CommittedLinksOf(status));
        List<string> standing = [];
        foreach (var end in (await ends(cancellation)).OrderBy(e => e.Partition))
        {
            var committed = Math.Max(0, (end.Topic == events ? ofEvents : ofLinks).GetValueOrDefault(end.Partition));
            var unread = committed < end.StableEnd ? await records(end, committed, cancellation) : 0;
            if (unread > 0 || end.IsOpen) standing.Add(Tell(end, phases.GetValueOrDefault(end.Partition, "absent"), committed, unread));
        }

        return standing;
    }

    /// <summary>One shard that stands.</summary>
    private static string Tell(PartitionEnd end, string phase, long committed, long unread) => string.Create(CultureInfo.InvariantCulture,
        $"shard {end.Partition} ({phase}) has committed {end.Topic} up to {committed}, {unread} records behind it are not consumed{(end.IsOpen ? $", and {end.End - end.StableEnd} more lie behind an open transaction at {end.StableEnd}" : "")}");

    // Offsets alone do not tell: markers of transactions take some too, and nobody reads those.
    private static async Task<long> RecordsAsync(KafkaOptions kafka, PartitionEnd end, long from, CancellationToken cancellation)
    {
        var starts = new Dictionary<int, long> { [end.Partition] = from };
        await using var reader = await KafkaTopicReader.OpenAsync(kafka, end.Topic, [end.Partition], starts, NullLogger<KafkaTopicReader>.Instance, cancellation);
        var (unread, last) = (0L, end.StableEnd);
        await reader.ReadToAsync(new Dictionary<int, long> { [end.Partition] = last }, (_, batch) =>
        {
            foreach (ref readonly var record in batch.Records)
            {
                if (record.Offset < last) unread++;
            }

            return ValueTask.CompletedTask;
        }, MostRecords, cancellation);
        return unread;
    }
}
