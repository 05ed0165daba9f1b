namespace Streaming.Training.Policy;

/// <summary>Impressions: of each row the item and position that were shown, by chance of what size, and what became of it.</summary>
/// <param name="Item">Place of the item among the items.</param>
/// <param name="Position">The position as the file has it.</param>
/// <param name="Propensity">Probability with which the policy showed that item there, (0, 1].</param>
/// <param name="Clicked">Null where clicks were not read.</param>
internal sealed record PolicyRows(int[] Item, int[] Position, double[] Propensity, bool[]? Clicked)
{
    /// <summary>Number of rows.</summary>
    public int Count => Item.Length;
}
