using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>Reads an input forward from an offset, batch after batch, for a replay.</summary>
internal sealed class TopicRun(IShardBroker broker, SourceTopic topic, int maxRecords)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private const int MaxEmptyReads = 60;

    /// <summary>The records read last.</summary>
    public RecordBatch Batch { get; } = new() { MaxValueBytes = topic == SourceTopic.Events ? RecordBatch.MaxEventValueBytes : int.MaxValue };

    /// <summary>Offset that the next read starts at.</summary>
    public long Position { get; private set; }

    /// <summary>Goes to an offset.</summary>
    public async ValueTask StartAsync(long offset, CancellationToken cancellation)
    {
        Position = offset;
        Batch.Reset(offset);
        await broker.SeekAsync(topic, offset, cancellation).ConfigureAwait(false);
    }

    /// <summary>Goes back to <see cref="Position"/> after others moved the reading position; what was read stays.</summary>
    public ValueTask ResumeAsync(CancellationToken cancellation) => broker.SeekAsync(topic, Position, cancellation);

    /// <summary>Reads on until there are records or the offset to reach is passed.</summary>
    /// <returns>False where nothing readable lies below <paramref name="untilOffset"/>.</returns>
    public async ValueTask<bool> ReadOnAsync(long untilOffset, CancellationToken cancellation)
    {
        for (var empty = 0; Position < untilOffset; empty++)
        {
            if (empty == MaxEmptyReads) throw new BrokerUnavailableException($"{topic} gave no records between {Position} and {untilOffset} for {MaxEmptyReads} s");
            Batch.Reset(Position);
            await broker.ReadAsync(topic, Batch, maxRecords, Wait, cancellation).ConfigureAwait(false);
            Position = Math.Max(Position, Batch.NextOffset);
            if (Batch.Count > 0) return true;
        }

        return false;
    }
}
