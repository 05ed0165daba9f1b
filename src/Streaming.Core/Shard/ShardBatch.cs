using System.Buffers;
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

    /// <summary>Requests among <see cref="Control"/>, in order.</summary>
    internal List<Contracts.ControlRequest> Requests { get; } = [];

    /// <summary>Records to produce.</summary>
    internal OutputBuffer Outputs { get; } = new();

    /// <summary>Users unparked in this batch who owe a recommendation.</summary>
    internal List<Touched> Unparked { get; } = [];

    /// <summary>Facts of the batch.</summary>
    internal List<Contracts.ControlFact> Facts { get; } = [];

    /// <summary>Sequence number of the batch record.</summary>
    internal long Sequence { get; set; }

    /// <summary>Offsets to commit.</summary>
    internal ShardOffsets Next { get; set; }

    /// <summary>The batch record.</summary>
    internal ArrayBufferWriter<byte> Record { get; } = new(1024);

    /// <summary>Topics withheld while the batch is emitted.</summary>
    internal HashSet<OutputTopic> Paused { get; } = [];

    /// <summary>Rows to make durable after the commit.</summary>
    internal PendingFlush? Flush { get; set; }

    /// <summary>Queries answered once the batch is committed.</summary>
    internal List<UserQuestion> Answers { get; } = [];

    /// <summary>Broker times of the events behind recommendations, for the freshness histogram: earliest and latest.</summary>
    internal (long FirstMs, long LastMs) AppendTimes { get; set; }

    internal void Reset()
    {
        IsEmpty = false;
        Requests.Clear();
        Outputs.Clear();
        Facts.Clear();
        Unparked.Clear();
        Paused.Clear();
        Answers.Clear();
        Decoded.Clear();
        Record.ResetWrittenCount();
        Flush = null;
        AppendTimes = default;
    }
}
