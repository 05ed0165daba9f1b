using Streaming.Contracts;

namespace Streaming.Host.Audit.Reference;

/// <summary>docs/fold.md §8.</summary>
internal static class RefPurchasing
{
    /// <summary>A purchase or refund; others leave the statistics alone.</summary>
    /// <param name="user">Profile.</param>
    /// <param name="type">Type of the event.</param>
    /// <param name="units">Units.</param>
    /// <param name="priceE4">Price, or null.</param>
    /// <param name="currency">Currency, or null.</param>
    /// <param name="t">Time, ms.</param>
    /// <param name="position">What a new episode is named after.</param>
    /// <param name="settings">In force.</param>
    public static void Apply(RefProfile user, EventType type, long units, long? priceE4, string? currency, long t, long position, RefSettings settings)
    {
        var p = user.Purchases;
        if (type == EventType.Refund)
        {
            if (p.Lines > 0 && priceE4 is { } refunded && p.Currency is not null && p.Currency == currency) p.RefundedE4 = RefMath.AddSaturating(p.RefundedE4, units, refunded);
            return;
        }

        if (type != EventType.Purchase) return;
        p.Lines++;
        p.Units += units;
        if (priceE4 is { } price)
        {
            p.Currency ??= currency;
            if (p.Currency == currency) p.AmountE4 = RefMath.AddSaturating(p.AmountE4, units, price);
            else p.OtherCurrency++;
        }

        Occasion(user, t, position, RefSettings.Ms(settings.Options.OccasionGap));
    }

    private static void Occasion(RefProfile user, long t, long position, long occasionGap)
    {
        var p = user.Purchases;
        if (p.Occasions == 0)
        {
            p.Occasions = 1;
            p.FirstMs = p.LastMs = t;
            user.EpisodePosition = position;
        }
        else if (t - p.LastMs > occasionGap)
        {
            double g = t - p.LastMs;
            p.GapCount++;
            var delta = g - p.GapMeanMs;
            p.GapMeanMs += delta / p.GapCount;
            p.GapM2 += delta * (g - p.GapMeanMs);
            p.Occasions++;
            p.LastMs = t;
            user.EpisodePosition = position;
        }
        else if (t >= p.LastMs)
        {
            p.LastMs = t;
        }
        else if (p.LastMs - t > occasionGap)
        {
            p.Occasions++;
            p.FirstMs = Math.Min(p.FirstMs, t);
        }
        else
        {
            p.FirstMs = Math.Min(p.FirstMs, t);
        }
    }

    /// <summary>The bought item's entry.</summary>
    public static void Bought(RefProfile user, string item, long t, RefSettings settings)
    {
        var h = (double)RefSettings.Ms(settings.Options.RepeatHalfLife);
        if (user.Bought.Find(b => b.Item == item) is { } entry)
        {
            var delta = t - entry.LastMs;
            if (delta >= 0)
            {
                entry.Weight = (float)((entry.Weight * RefMath.Exp2(-(delta / h))) + 1);
                entry.LastMs = t;
            }
            else
            {
                entry.Weight = (float)(entry.Weight + RefMath.Exp2(delta / h));
            }

            entry.Count++;
            return;
        }

        var fresh = new RefBought { Item = item, Count = 1, LastMs = t, Weight = 1 };
        if (user.Bought.Count < settings.Options.MaxBoughtItems) user.Bought.Add(fresh);
        else user.Bought[OldestIndex(user.Bought, b => b.LastMs)] = fresh;
    }

    /// <summary>Index of the smallest time, ties to the lowest index.</summary>
    public static int OldestIndex<T>(List<T> list, Func<T, long> lastMs)
    {
        var oldest = 0;
        for (var i = 1; i < list.Count; i++)
        {
            if (lastMs(list[i]) < lastMs(list[oldest])) oldest = i;
        }

        return oldest;
    }
}
