namespace Streaming.Core.Snapshot;

/// <summary>What a store answers for one key.</summary>
/// <param name="WriteTime">Write time of the row; 0 where there is none.</param>
/// <param name="Blob">The row's one cell; null where there is no row.</param>
public readonly record struct StoredRow(long WriteTime, byte[]? Blob);
