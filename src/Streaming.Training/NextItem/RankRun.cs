namespace Streaming.Training.NextItem;

/// <summary>Ranks of a method over rows.</summary>
internal static class RankRun
{
    /// <summary>Rank of each row's target, <see cref="NextItem.Ranks.Miss"/> where it cannot be found.</summary>
    /// <param name="method">The method.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="clicks">Clicks of each train item: without any, an item is outside train, whatever it scores.</param>
    /// <param name="places">Places of the items in the order of their ids.</param>
    public static int[] Ranks(INextItemMethod method, TestRows rows, ReadOnlySpan<int> clicks, ReadOnlySpan<int> places)
    {
        var ranks = new int[rows.Count];
        var scores = new float[clicks.Length];
        for (var row = 0; row < ranks.Length; row++)
        {
            method.Score(rows.Prefix(row), scores);
            var target = rows.Target(row);
            ranks[row] = target < clicks.Length && clicks[target] == 0 ? NextItem.Ranks.Miss : NextItem.Ranks.Of(scores, target, places);
        }

        return ranks;
    }
}
