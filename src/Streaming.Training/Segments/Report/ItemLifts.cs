namespace Streaming.Training.Segments.Report;

/// <summary>A category or an item that a segment buys more of.</summary>
/// <param name="Name">As the shop calls it; from outside.</param>
/// <param name="Customers">Customers of the segment who bought it.</param>
/// <param name="Share">Their share of the segment.</param>
/// <param name="Lift">Its share of what the segment bought over its share of what all bought.</param>
/// <param name="Z">Log-odds over its standard error.</param>
internal sealed record ItemFigures(string Name, int Customers, double Share, double Lift, double Z);

/// <summary>What each segment buys more of.</summary>
/// <param name="AreCategories">True for categories; false for items, where most have no category.</param>
/// <param name="Tested">Things with enough customers, over all segments.</param>
/// <param name="LeastZ">Least z that is named: 5 % over all that were tested (Bonferroni).</param>
/// <param name="Of">By segment, the clearest first.</param>
internal sealed record ItemLifts(bool AreCategories, int Tested, double LeastZ, ItemFigures[][] Of);
