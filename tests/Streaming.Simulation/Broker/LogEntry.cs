namespace Streaming.Simulation.Broker;

/// <summary>One offset of a partition: a record, or a transaction's marker.</summary>
internal sealed class LogEntry
{
    public byte[]? Key { get; init; }
    public byte[]? Value { get; init; }
    public required long TimeMs { get; init; }

    /// <summary>The time is the producer's word, not the broker's.</summary>
    public bool IsCreateTime { get; init; }

    /// <summary>Producer of a transaction; -1: written without one.</summary>
    public int Producer { get; init; } = -1;

    /// <summary>Number of the transaction, as its header says; -1: none.</summary>
    public long Transaction { get; init; } = -1;
    public bool IsMarker { get; init; }

    /// <summary>Set by the marker of an abort.</summary>
    public bool IsAborted { get; set; }
}
