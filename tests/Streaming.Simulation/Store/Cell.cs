namespace Streaming.Simulation.Store;

/// <summary>One cell: last write time wins, whatever the order of arrival. A removed due entry is a cell with a mark, as in Cassandra (docs/decisions/0011).</summary>
/// <param name="WriteTime">The engine's write time.</param>
/// <param name="Bytes">Content; null: removed.</param>
/// <param name="DueMs">Time of a due entry.</param>
internal readonly record struct Cell(long WriteTime, byte[]? Bytes, long DueMs);
