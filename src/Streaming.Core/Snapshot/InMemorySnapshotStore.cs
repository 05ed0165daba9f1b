using System.Collections.Concurrent;

namespace Streaming.Core.Snapshot;

/// <summary>
/// A store that lives in the process: for tests, simulation and an embedded audit. It keeps the rules of the durable stores (write time wins, R after rows,
/// order of every answer) and loses everything with the instance. Shards opened twice share their rows, as two handles on one database do.
/// </summary>
public sealed class InMemorySnapshotStore : ISnapshotStore
{
    private readonly ConcurrentDictionary<int, InMemoryShard> _shards = new();
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Description => "memory";

    /// <inheritdoc/>
    public ValueTask PrepareAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<IShardStore> OpenShardAsync(int partition, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        return new(new InMemoryShardStore(_shards.GetOrAdd(partition, static _ => new InMemoryShard())));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(_blobs.TryGetValue(name, out var bytes) ? (byte[])bytes.Clone() : null);
    }

    /// <inheritdoc/>
    public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _blobs[name] = bytes.ToArray();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
