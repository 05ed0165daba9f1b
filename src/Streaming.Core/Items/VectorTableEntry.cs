namespace Streaming.Core.Items;

/// <summary>One item of a vector-table version.</summary>
/// <param name="ItemId">The shop's id, UTF-8.</param>
/// <param name="Vector">D floats, all finite.</param>
public readonly record struct VectorTableEntry(byte[] ItemId, float[] Vector);
