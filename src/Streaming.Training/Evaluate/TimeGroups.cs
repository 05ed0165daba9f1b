namespace Streaming.Training.Evaluate;

/// <summary>Baskets of equal time, together.</summary>
internal static class TimeGroups
{
    /// <summary>Groups of baskets that are in time order.</summary>
    public static IEnumerable<IReadOnlyList<Basket>> Of(IReadOnlyList<Basket> baskets)
    {
        for (var start = 0; start < baskets.Count;)
        {
            var end = start + 1;
            while (end < baskets.Count && baskets[end].AtMs == baskets[start].AtMs) end++;
            yield return [.. baskets.Skip(start).Take(end - start)];
            start = end;
        }
    }
}
