using Streaming.Core.Errors;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>
/// Loads the tables that R names; of those before the last base nothing but their place counts any more. A store that was put back from a backup under a running shard may hold a newer R, written after it, than tables: those are in <c>control</c> too, before the
/// records that R says are applied.
/// </summary>
internal sealed class RowTables(IVectorTables tables, IShardBroker broker, int maxRecords)
{
    private const int MaxReads = 4;

    /// <summary>The versions, in R's order. Where one is missing it moves the reading position of <c>control</c>.</summary>
    /// <exception cref="CorruptRowException">Neither the store nor the log has one.</exception>
    public async ValueTask<List<VectorTableVersion>> LoadAsync(ShardRowContent row, CancellationToken cancellation)
    {
        var last = row.Tables.FindLastIndex(t => t.IsBase);
        var versions = row.Tables.Select(t => new VectorTableVersion(t.Sha256, t.IsBase, [])).ToList();
        IReadOnlyDictionary<string, byte[]>? logged = null;
        for (var from = Math.Max(0, last); from < versions.Count; from += MaxReads)
        {
            // A few at a time: each is a small blob, a shop with many items has thousands of them, and all shards of a node may ask at once.
            var read = await Task.WhenAll(versions.Skip(from).Take(MaxReads).Select(v => TryLoadAsync(v, cancellation))).ConfigureAwait(false);
            for (var i = 0; i < read.Length; i++)
            {
                var (sha256, isBase, _) = versions[from + i];
                if (read[i] is null) logged ??= await FindAsync(row, cancellation).ConfigureAwait(false);
                versions[from + i] = read[i] ?? await tables.LoadAsync(sha256, isBase, logged!.GetValueOrDefault(sha256), cancellation).ConfigureAwait(false);
            }
        }

        return versions;
    }

    private async Task<VectorTableVersion?> TryLoadAsync(VectorTableVersion version, CancellationToken cancellation)
    {
        try
        {
            return await tables.LoadAsync(version.Sha256, version.IsBase, logged: null, cancellation).ConfigureAwait(false);
        }
        catch (CorruptRowException)
        {
            return null; // looked for in the log, whose absence is the error that counts
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
