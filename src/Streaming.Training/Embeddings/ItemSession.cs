namespace Streaming.Training.Embeddings;

/// <summary>The distinct items of one session or basket.</summary>
/// <param name="Items">Item ids in order of first action.</param>
/// <param name="IsOrdered">False where all actions carry one time: a basket.</param>
public readonly record struct ItemSession(IReadOnlyList<string> Items, bool IsOrdered);
