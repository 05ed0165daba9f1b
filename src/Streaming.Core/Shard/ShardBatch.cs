using Streaming.Core.Decode;

namespace Streaming.Core.Shard;

/// <summary>The unit that flows: one batch of one partition on its way through the eight stages. A shard owns a few and reuses them.</summary>
public sealed class ShardBatch
{
    /// <summary>Raw events.</summary>
    public RecordBatch Events { get; } = new();

    /// <summary>Raw guest deltas.</summary>
    public RecordBatch Links { get; } = new();

    /// <summary>Raw control records (requests; own batch records are skipped).</summary>
    public RecordBatch Control { get; } = new();

    /// <summary>Decoded events.</summary>
    public DecodedBatch Decoded { get; } = new();

    /// <summary>True where there is nothing to commit: no input, no fact.</summary>
    public bool IsEmpty { get; set; }
}
