using System.Collections.Concurrent;
using Streaming.Core.Shard;

namespace Streaming.Kafka.Embedded;

/// <summary>Committed offsets that live as long as the in-process cluster they belong to: its records die with the process, so offsets that outlived it would point at nothing.</summary>
public sealed class MemoryCommittedOffsets : ICommittedOffsets
{
    private readonly ConcurrentDictionary<int, ShardOffsets> _offsets = new();

    /// <inheritdoc/>
    public ValueTask<ShardOffsets> ReadAsync(int partition, CancellationToken cancellation) => new(_offsets.GetValueOrDefault(partition, ShardOffsets.None));

    /// <inheritdoc/>
    public ValueTask WriteAsync(int partition, ShardOffsets next, CancellationToken cancellation)
    {
        _offsets[partition] = next;
        return default;
    }
}
