using Streaming.Core.Errors;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>
/// Loads the tables that R names; of those before the last base nothing but their place counts any more. A store that was put back from a backup under a running shard may hold a newer R, written after it, than tables: those are in <c>control</c> too, before the
/// records that R says are applied.
/// </summary>
internal sealed class RowTables(IVectorTables tables, IShardBroker broker, int maxRecords)
{
    /// <summary>Versions asked of the store at once: a shop with many items has thousands, and all shards of a node may ask at the same time.</summary>
    private const int MaxReads = 512;

    /// <summary>Hashes of the versions that add to the last base: of those before it nothing but the place counts.</summary>
    public static IEnumerable<string> Additive(ShardRowContent row) => row.Tables.Skip(row.Tables.FindLastIndex(t => t.IsBase) + 1).Select(t => t.Sha256);

    /// <summary>The versions, in R's order. Where one is missing it moves the reading position of <c>control</c>.</summary>
    /// <exception cref="CorruptRowException">Neither the store nor the log has one.</exception>
    public async ValueTask<List<VectorTableVersion>> LoadAsync(ShardRowContent row, CancellationToken cancellation)
    {
        var last = row.Tables.FindLastIndex(t => t.IsBase);
        var versions = row.Tables.Select(t => new VectorTableVersion(t.Sha256, t.IsBase, [])).ToList();
        var missing = new List<int>();
        if (last >= 0 && !await TryLoadBaseAsync(versions, last, cancellation).ConfigureAwait(false)) missing.Add(last);
        for (var from = last + 1; from < versions.Count; from += MaxReads)
        {
            var read = await tables.TryLoadAsync([.. versions.Skip(from).Take(MaxReads).Select(v => v.Sha256)], cancellation).ConfigureAwait(false);
            for (var i = 0; i < read.Length; i++)
            {
                if (read[i] is { } version) versions[from + i] = version;
                else missing.Add(from + i);
            }
        }

        if (missing.Count == 0) return versions;
        var logged = await FindAsync(row, cancellation).ConfigureAwait(false);
        foreach (var at in missing)
        {
            var (sha256, isBase, _) = versions[at];
            versions[at] = await tables.LoadAsync(sha256, isBase, logged.GetValueOrDefault(sha256), cancellation).ConfigureAwait(false);
        }

        return versions;
    }

    private async ValueTask<bool> TryLoadBaseAsync(List<VectorTableVersion> versions, int at, CancellationToken cancellation)
    {
        try
        {
            versions[at] = await tables.LoadAsync(versions[at].Sha256, isBase: true, logged: null, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (CorruptRowException)
        {
            return false; // looked for in the log, whose absence is the error that counts
        }
    }

    private async ValueTask<Dictionary<string, byte[]>> FindAsync(ShardRowContent row, CancellationToken cancellation)
    {
        var wanted = row.Tables.Select(t => t.Sha256).ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var bounds = await broker.ReadBoundsAsync(SourceTopic.Control, cancellation).ConfigureAwait(false);
        var control = new TopicRun(broker, SourceTopic.Control, maxRecords);
        await control.StartAsync(bounds.LogStart, cancellation).ConfigureAwait(false);
        while (await control.ReadOnAsync(row.ControlOffset, cancellation).ConfigureAwait(false))
        {
            foreach (ref readonly var record in control.Batch.Records)
            {
                if (ControlJson.ReadTable(control.Batch.Value(record)) is { } table && wanted.Contains(table.Sha256)) found[table.Sha256] = table.Bytes;
            }
        }

        return found;
    }
}
