using System.Collections.Concurrent;
using Streaming.Core.Snapshot;

namespace Streaming.Kafka.Tests;

/// <summary>Blobs in memory; shards are not part of these tests.</summary>
internal sealed class MemorySnapshotStore : ISnapshotStore
{
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new();

    public string Description => "memory";

    public ValueTask PrepareAsync(CancellationToken cancellation) => default;

    public ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation) => new(_blobs.GetValueOrDefault(name));

    public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        _blobs[name] = bytes.ToArray();
        return default;
    }

    public ValueTask DisposeAsync() => default;
}
