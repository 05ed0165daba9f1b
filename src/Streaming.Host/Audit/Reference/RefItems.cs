using Streaming.Contracts;
using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>docs/fold.md §3.9: what an event with an item leaves in the lists of a profile that may be personalised.</summary>
internal static class RefItems
{
    /// <summary>Types that make an action (§3.9 d).</summary>
    public static bool IsAction(EventType type) => type is EventType.View or EventType.Click or EventType.AddToCart or EventType.RemoveFromCart or EventType.Wishlist
        or EventType.Purchase or EventType.Refund or EventType.Rating or EventType.Review or EventType.NotInterested;

    /// <summary>§3.9 a to d.</summary>
    public static void Apply(RefProfile user, RefAction action, RefSettings settings, RefTables tables)
    {
        if (!user.Allows(ConsentFlags.Personalise)) return;
        Impressions(user, action, settings.Options.MaxImpressions);
        if (action.Type == EventType.NotInterested && !user.Excluded.Contains(action.Item))
        {
            user.Excluded.Add(action.Item);
            if (user.Excluded.Count > settings.Options.MaxExcluded) user.Excluded.RemoveAt(0);
        }

        BoughtAndAction(user, action, settings, tables);
    }

    /// <summary>§3.9 c and d.</summary>
    public static void BoughtAndAction(RefProfile user, RefAction action, RefSettings settings, RefTables tables)
    {
        if (action.Type == EventType.Purchase) RefPurchasing.Bought(user, action.Item, action.AtMs, settings);
        if (!IsAction(action.Type)) return;
        user.Ring.Add(action);
        if (user.Ring.Count > settings.Options.RingLength) user.Ring.RemoveAt(0);
        RefInterests.Step(user, action, settings, tables);
    }

    private static void Impressions(RefProfile user, RefAction action, int max)
    {
        if (action.Type == EventType.Impression)
        {
            if (user.Impressions.Find(i => i.Item == action.Item) is { } slot)
            {
                slot.Count++;
                slot.LastMs = Math.Max(slot.LastMs, action.AtMs);
                return;
            }

            var fresh = new RefImpression { Item = action.Item, Count = 1, LastMs = action.AtMs };
            if (user.Impressions.Count < max) user.Impressions.Add(fresh);
            else user.Impressions[RefPurchasing.OldestIndex(user.Impressions, i => i.LastMs)] = fresh;
            return;
        }

        if (action.Type is EventType.View or EventType.Click or EventType.AddToCart or EventType.Wishlist or EventType.Purchase)
            user.Impressions.RemoveAll(i => i.Item == action.Item);
    }
}
