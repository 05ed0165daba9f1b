using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Items;
using Streaming.Core.Shard;

namespace Streaming.Host.Engine;

/// <summary>Records of <c>catalog</c> and <c>sessions</c> as the item index takes them. What cannot be read is left out and named; it concerns an item, never a user's state.</summary>
/// <param name="refused">Told of each record left out: its offset and why.</param>
internal sealed class ItemRecords(Action<long, string> refused)
{
    // An item's record is small text; more is not a catalogue but a mistake, and it would stay in memory.
    private const int MostBytes = 256 * 1024;

    /// <summary>Catalogue records, tombstones included.</summary>
    public IReadOnlyList<CatalogChange> Catalog(RecordBatch batch)
    {
        var changes = new List<CatalogChange>(batch.Count);
        foreach (ref readonly var record in batch.Records)
        {
            if (record.KeyLength <= 0) refused(record.Offset, "it has no key");
            else if (record.ValueLength < 0) changes.Add(new CatalogChange(Encoding.UTF8.GetString(batch.Key(record)), null));
            else if (Read(batch, record, ContractsJson.Default.CatalogItem) is not { } item) continue;
            else if (!batch.Key(record).SequenceEqual(Encoding.UTF8.GetBytes(item.ItemId))) refused(record.Offset, "its key is not its itemId");
            else changes.Add(new CatalogChange(item.ItemId, item));
        }

        return changes;
    }

    /// <summary>Closed sessions.</summary>
    public IReadOnlyList<ClosedSession> Sessions(RecordBatch batch)
    {
        var sessions = new List<ClosedSession>(batch.Count);
        foreach (ref readonly var record in batch.Records)
        {
            if (Read(batch, record, ContractsJson.Default.ClosedSession) is { } session) sessions.Add(session);
        }

        return sessions;
    }

    private T? Read<T>(RecordBatch batch, in SourceRecord record, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        if (record.ValueLength is <= 0 or > MostBytes)
        {
            refused(record.Offset, $"its value has {record.ValueLength} bytes");
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize(batch.Value(record), type) is { } value) return value;
            refused(record.Offset, "its value is null");
        }
        catch (JsonException e)
        {
            refused(record.Offset, e.Message);
        }

        return null;
    }
}
