using Streaming.Contracts;

namespace Streaming.Core.Shard;

/// <summary>The shard's first batch, where the log still holds it and everything it read: from there every profile can be built anew.</summary>
/// <param name="ControlOffset">Offset in <c>control</c> to read batch records from.</param>
/// <param name="Position">Positions before the first batch.</param>
internal readonly record struct LogBeginning(long ControlOffset, ShardOffsets Position)
{
    /// <summary>Looks for it; moves the reading position of <c>control</c>.</summary>
    /// <returns>Null where the log no longer reaches back.</returns>
    public static async ValueTask<LogBeginning?> FindAsync(IShardBroker broker, int maxRecords, CancellationToken cancellation)
    {
        var bounds = await broker.ReadBoundsAsync(SourceTopic.Control, cancellation).ConfigureAwait(false);
        var control = new TopicRun(broker, SourceTopic.Control, maxRecords);
        await control.StartAsync(bounds.LogStart, cancellation).ConfigureAwait(false);
        while (await control.ReadOnAsync(bounds.StableEnd, cancellation).ConfigureAwait(false))
        {
            foreach (var record in control.Batch.Records.ToArray())
            {
                if (ControlJson.ReadBatch(control.Batch.Value(record)) is not { } first) continue;
                return await IsReadableAsync(broker, first, cancellation).ConfigureAwait(false)
                    ? new LogBeginning(bounds.LogStart, new ShardOffsets(first.EventsFrom, first.LinksFrom, bounds.LogStart))
                    : null;
            }
        }

        return null;
    }

    private static async ValueTask<bool> IsReadableAsync(IShardBroker broker, ControlBatch first, CancellationToken cancellation)
    {
        if (first.Sequence != 1) return false;
        var events = await broker.ReadBoundsAsync(SourceTopic.Events, cancellation).ConfigureAwait(false);
        var links = await broker.ReadBoundsAsync(SourceTopic.Links, cancellation).ConfigureAwait(false);
        return events.LogStart <= first.EventsFrom && links.LogStart <= first.LinksFrom;
    }
}
