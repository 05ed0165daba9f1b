namespace Streaming.Core.Fold;

/// <summary>One version of an item-vector table, ready to be put in force.</summary>
/// <param name="Sha256">Hash (hex) of its bytes, its name in the store.</param>
/// <param name="IsBase">True where it begins a chain anew.</param>
/// <param name="Entries">Item ids (UTF-8) and vectors of D floats.</param>
public sealed record VectorTableVersion(string Sha256, bool IsBase, IReadOnlyList<(byte[] ItemId, float[] Vector)> Entries);
