using Streaming.Training.Trees;

namespace Streaming.Training.NextItem;

/// <summary>A trained hybrid.</summary>
/// <param name="Sources">Fitted on the whole train file.</param>
/// <param name="Trees">The ranker.</param>
/// <param name="RankerRows">Rows that it learned from.</param>
/// <param name="ChoicePositions">Positions that the number of trees was chosen on.</param>
/// <param name="Choice">P@20 and MRR@20 on them.</param>
/// <param name="Curve">Those of the first tree alone, of the first two, and so on, beyond the trees that were kept.</param>
internal sealed record Hybrid(NextItemSources Sources, BoostedTrees Trees, int RankerRows, int ChoicePositions, (double P20, double Mrr20) Choice, IReadOnlyList<(double P20, double Mrr20)> Curve);
