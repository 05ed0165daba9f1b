using Streaming.Contracts;
using Streaming.Core.Decode;

namespace Streaming.Core.Fold;

/// <summary>
/// One event on one profile (docs/fold.md §3, whose step numbers stand at the lines). Pure: depends on the profile, the event and the shard's state only.
/// </summary>
public static class UserFold
{
    /// <summary>Applies an event that is not a dead letter. The caller has already let due sessions end and moved stream time.</summary>
    /// <param name="user">The profile; changed in place.</param>
    /// <param name="e">The event.</param>
    /// <param name="item">Item number of the event; -1: it has no item.</param>
    /// <param name="linkedUser">identify: the known user's key, else null.</param>
    /// <param name="shard">Settings and vectors in force.</param>
    /// <param name="outputs">Where sessions and links go.</param>
    /// <returns>False where the event was a duplicate and had no effect.</returns>
    public static bool Apply(UserState user, in DecodedEvent e, int item, Events.UserKey? linkedUser, ShardState shard, IFoldOutputs outputs)
    {
        var settings = shard.Settings;
        if (e.Type == EventType.Erase) // 1
        {
            EraseFold.Apply(user, e.Offset, e.ArrivedAtMs, shard, outputs);
            return true;
        }

        if (!RecentIds.TryRemember(user, e.EventIdHash, settings.Options.DuplicateWindow)) return false; // 2
        BringUpToDate.Apply(user, shard); // 3
        user.IsErased = false; // 4
        user.FirstEventMs = user.EventCount == 0 ? e.OccurredAtMs : Math.Min(user.FirstEventMs, e.OccurredAtMs); // 5
        user.LastEventMs = Math.Max(user.LastEventMs, e.OccurredAtMs);
        user.EventCount++;
        user.Counts[(int)e.Type]++;

        ApplyConsentOrMessage(user, e); // 6
        if (e.Type == EventType.Identify) LinkFold.Identify(user, linkedUser!.Value, e.Offset, e.ArrivedAtMs, outputs);
        if (SessionFold.Belongs(e.Type)) SessionFold.Apply(user, e, item, settings, outputs); // 7
        if (e.Type is EventType.Purchase or EventType.Refund) // 8
            PurchaseFold.Apply(ref user.Purchases, e.Type, e.Quantity, e.UnitPriceE4, e.Currency, e.OccurredAtMs, e.Offset, settings, ref user.EpisodePosition);
        if (item >= 0 && user.Allows(ConsentFlags.Personalise)) ApplyItem(user, e, item, shard); // 9
        if (user.LinkedTo is not null && LinkFold.Straggles(e.Type)) outputs.LinkedEvent(user, e, item);
        return true;
    }

    private static void ApplyConsentOrMessage(UserState user, in DecodedEvent e)
    {
        if (e.Type == EventType.Consent)
        {
            user.Consent = (user.Consent & ~e.ConsentMask) | e.ConsentValue;
            user.ConsentGiven = true;
            if (!user.Allows(ConsentFlags.Personalise)) ForgetPersonal(user);
        }
        else if (e.Type == EventType.Message)
        {
            user.MessageCount((int)e.Message)++;
            if (e.Message != MessageState.Unsubscribed) return;
            user.Consent &= ~ConsentFlags.Market;
            user.ConsentGiven = true;
        }
    }

    private static void ForgetPersonal(UserState user)
    {
        user.ForgetInterests();
        user.Ring = [];
        user.RingStart = user.RingCount = 0;
        user.IsRingWhole = true;
        user.Bought = [];
        user.BoughtCount = 0;
        if (user.ImpressionCount == 0) return;
        user.Impressions = [];
        user.ImpressionCount = 0;
    }

    private static void ApplyItem(UserState user, in DecodedEvent e, int item, ShardState shard)
    {
        var settings = shard.Settings;
        if (e.Type == EventType.Impression) // a
        {
            ItemLists.AddImpression(user, item, e.OccurredAtMs, settings.Options.MaxImpressions);
            return;
        }

        if (e.Type is EventType.View or EventType.Click or EventType.AddToCart or EventType.Wishlist or EventType.Purchase) ItemLists.RemoveImpression(user, item);
        if (e.Type == EventType.NotInterested) ItemLists.Exclude(user, item, settings.Options.MaxExcluded); // b
        if (e.Type == EventType.Purchase) ItemLists.AddBought(user, item, e.OccurredAtMs, settings); // c
        if (!ActionRing.Takes(e.Type)) return;
        var entry = new RingEntry { Item = item, Type = e.Type, RatingE1 = e.RatingE1, AtMs = e.OccurredAtMs };
        InterestFold.Take(user, entry, shard); // d
    }
}
