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

    /// <summary>Writes a named blob durably; the same name is written with the same bytes or, for the topology, by one starter.</summary>
    ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
}
