namespace Streaming.Core.Shard;

/// <summary>A record as it stands in the log, whatever became of its transaction.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Partition">Partition.</param>
/// <param name="Offset">Offset.</param>
/// <param name="Shard">Partition of the shard that wrote it, by its <see cref="TransactionHeader"/>; -1: it carries none.</param>
/// <param name="Transaction">Number of its transaction; -1: it carries none.</param>
/// <param name="TimeMs">The broker's append time, ms since 1970.</param>
/// <param name="Key">Key; empty where there is none.</param>
/// <param name="Value">Value; empty where there is none.</param>
public sealed record TracedRecord(OutputTopic Topic, int Partition, long Offset, int Shard, long Transaction, long TimeMs, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
