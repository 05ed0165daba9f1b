namespace Streaming.Core.Snapshot;

/// <summary>The snapshot store of a node.</summary>
public interface ISnapshotStore : IAsyncDisposable
{
    /// <summary>A short description without secrets, e.g. <c>sqlite:./streaming-data</c>.</summary>
    string Description { get; }

    /// <summary>Creates what is missing (folder, keyspace, tables) and checks that this host may use the store.</summary>
    ValueTask PrepareAsync(CancellationToken cancellation);

    /// <summary>Opens a shard's rows.</summary>
    ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation);

    /// <summary>A named blob that is not a shard's (vector tables by sha256, the topology record), or null.</summary>
    ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation);

    /// <summary>Many named blobs, each whole and as it was written; null for one that is missing or damaged.</summary>
    /// <param name="names">Names, in the order of the answer.</param>
    /// <param name="cancellation">Cancels.</param>
    async ValueTask<byte[]?[]> ReadBlobsAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var blobs = new byte[]?[names.Count];
        for (var i = 0; i < blobs.Length; i++)
        {
            try
            {
                blobs[i] = await ReadBlobAsync(names[i], cancellation).ConfigureAwait(false);
            }
            catch (Errors.CorruptRowException)
            {
                // As if it were not there: who needs it asks for it alone, and is told.
            }
        }

        return blobs;
    }

    /// <summary>Writes a named blob durably; the same name is written with the same bytes or, for the topology, by one starter. A name that ends in 64 hex digits is taken for that of bytes with this SHA-256.</summary>
    ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
}
