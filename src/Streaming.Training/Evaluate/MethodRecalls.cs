namespace Streaming.Training.Evaluate;

/// <summary>Recall@20 of one method, a basket each.</summary>
/// <param name="Name">Method.</param>
/// <param name="All">All items.</param>
/// <param name="New">Items new to the customer; NaN: the basket has none.</param>
internal sealed record MethodRecalls(string Name, List<double> All, List<double> New);
