namespace Streaming.Kafka;

/// <summary>A record to write, and where.</summary>
/// <param name="Partition">Partition.</param>
/// <param name="Key">Key.</param>
/// <param name="Value">Value.</param>
public readonly record struct KeyedRecord(int Partition, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);

/// <summary>What became of a record.</summary>
/// <param name="Offset">Its offset; below 0 where the broker did not say that it has it.</param>
/// <param name="Error">Name of the client's error, e.g. <c>_MSG_TIMED_OUT</c>; null: none.</param>
public readonly record struct WriteReceipt(long Offset, string? Error)
{
    /// <summary>The broker has it. False: it may or may not be there.</summary>
    public bool IsWritten => Error is null;
}
