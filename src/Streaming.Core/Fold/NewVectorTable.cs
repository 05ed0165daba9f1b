namespace Streaming.Core.Fold;

/// <summary>An additive version just made: durable in the store, and to be written to <c>control</c> with the batch that puts it in force.</summary>
/// <param name="Version">The version.</param>
/// <param name="Bytes">Its bytes.</param>
public sealed record NewVectorTable(VectorTableVersion Version, byte[] Bytes);
