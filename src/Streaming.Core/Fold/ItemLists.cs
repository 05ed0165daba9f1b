namespace Streaming.Core.Fold;

/// <summary>The bounded per-item lists of a profile: impressions, excluded and bought items.</summary>
public static class ItemLists
{
    /// <summary>Counts an impression (docs/fold.md §3.9a).</summary>
    public static void AddImpression(UserState user, int item, long atMs, int max)
    {
        var slots = user.Impressions.AsSpan(0, user.ImpressionCount);
        var oldest = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i].Item == item)
            {
                slots[i].Count++;
                slots[i].LastMs = Math.Max(slots[i].LastMs, atMs);
                return;
            }

            if (slots[i].LastMs < slots[oldest].LastMs) oldest = i;
        }

        var slot = new ImpressionSlot { Item = item, Count = 1, LastMs = atMs };
        if (user.ImpressionCount >= max)
        {
            slots[oldest] = slot;
            return;
        }

        user.Impressions = Room(user.Impressions, user.ImpressionCount, max);
        user.Impressions[user.ImpressionCount++] = slot;
    }

    /// <summary>Forgets an item's impressions once the user acted on it.</summary>
    public static void RemoveImpression(UserState user, int item)
    {
        for (var i = 0; i < user.ImpressionCount; i++)
        {
            if (user.Impressions[i].Item != item) continue;
            user.Impressions.AsSpan(i + 1, user.ImpressionCount - i - 1).CopyTo(user.Impressions.AsSpan(i));
            user.ImpressionCount--;
            return;
        }
    }

    /// <summary>Adds to the excluded items; beyond the bound the oldest goes.</summary>
    public static void Exclude(UserState user, int item, int max)
    {
        if (user.Excluded.AsSpan(0, user.ExcludedCount).Contains(item)) return;
        if (user.ExcludedCount >= max)
        {
            user.Excluded.AsSpan(1, user.ExcludedCount - 1).CopyTo(user.Excluded);
            user.ExcludedCount--;
        }

        user.Excluded = Room(user.Excluded, user.ExcludedCount, max);
        user.Excluded[user.ExcludedCount++] = item;
    }

    /// <summary>Counts a purchase of an item (docs/fold.md §8).</summary>
    public static void AddBought(UserState user, int item, long atMs, FoldSettings settings)
    {
        var bought = user.Bought.AsSpan(0, user.BoughtCount);
        var oldest = 0;
        for (var i = 0; i < bought.Length; i++)
        {
            if (bought[i].Item == item)
            {
                CountAgain(ref bought[i], atMs, settings.RepeatHalfLifeMs);
                return;
            }

            if (bought[i].LastMs < bought[oldest].LastMs) oldest = i;
        }

        var entry = new BoughtItem { Item = item, Count = 1, LastMs = atMs, Weight = 1 };
        if (user.BoughtCount >= settings.Options.MaxBoughtItems)
        {
            bought[oldest] = entry;
            return;
        }

        user.Bought = Room(user.Bought, user.BoughtCount, settings.Options.MaxBoughtItems);
        user.Bought[user.BoughtCount++] = entry;
    }

    /// <summary>Drops the first entries of lists that became shorter.</summary>
    public static void Fit(UserState user, FoldOptions options)
    {
        (user.Bought, user.BoughtCount) = Fit(user.Bought, user.BoughtCount, options.MaxBoughtItems);
        if (user.ImpressionCount > 0) (user.Impressions, user.ImpressionCount) = Fit(user.Impressions, user.ImpressionCount, options.MaxImpressions);
        if (user.ExcludedCount > 0) (user.Excluded, user.ExcludedCount) = Fit(user.Excluded, user.ExcludedCount, options.MaxExcluded);
        if (user.InterestCount > 0) (user.Interests, user.InterestCount) = Fit(user.Interests, user.InterestCount, options.MaxInterests);
    }

    private static void CountAgain(ref BoughtItem bought, long atMs, long halfLifeMs)
    {
        var gap = atMs - bought.LastMs;
        bought.Count++;
        if (gap >= 0)
        {
            bought.Weight = (float)((bought.Weight * Exp2.Of(-(double)gap / halfLifeMs)) + 1);
            bought.LastMs = atMs;
        }
        else
        {
            bought.Weight = (float)(bought.Weight + Exp2.Of((double)gap / halfLifeMs));
        }
    }

    private static T[] Room<T>(T[] array, int count, int max)
    {
        if (count == array.Length) Array.Resize(ref array, Math.Min(max, Math.Max(2, count * 2)));
        return array;
    }

    private static (T[] Array, int Count) Fit<T>(T[] array, int count, int max)
    {
        if (array.Length <= max) return (array, count);
        var kept = array[Math.Max(0, count - max)..count];
        return (kept, kept.Length);
    }
}
