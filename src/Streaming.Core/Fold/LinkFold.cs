using Streaming.Contracts;
using Streaming.Core.Events;

namespace Streaming.Core.Fold;

/// <summary>Guests and known users (docs/fold.md §9).</summary>
public static class LinkFold
{
    /// <summary>Types whose events a linked guest sends on.</summary>
    public static bool Straggles(EventType type) => type is not (EventType.Identify or EventType.Erase or EventType.Consent or EventType.Message);

    /// <summary>A guest became known.</summary>
    public static void Identify(UserState guest, UserKey user, long offset, long arrivedAtMs, IFoldOutputs outputs)
    {
        if (guest.LinkedTo == user) return;
        guest.LinkedTo = user;
        guest.LinkedAtMs = arrivedAtMs;
        guest.LinkGeneration++;
        outputs.Linked(guest, offset);
    }

    /// <summary>Applies a guest's delta to the known user's profile; false where it was dropped and changed nothing.</summary>
    /// <param name="user">The known user's profile.</param>
    /// <param name="delta">The delta.</param>
    /// <param name="batchEventsFrom">EventsFrom of the batch: opens an episode, should one open.</param>
    /// <param name="shard">State of the shard.</param>
    /// <param name="outputs">Where the erase record of a guest goes that the user's erasure could not know of.</param>
    public static bool Apply(UserState user, LinkDelta delta, long batchEventsFrom, ShardState shard, IFoldOutputs outputs)
    {
        var guest = UserKey.Guest(delta.AnonymousId);
        foreach (var broken in user.BrokenGuests)
        {
            if (broken.Key == guest && broken.Generation >= delta.Generation) return false; // 1
        }

        if (IsOfErasedTime(user, guest, delta)) // 2
        {
            var late = new LinkedGuest(guest, delta.Generation);
            user.BrokenGuests = Join(user.BrokenGuests, late, int.MaxValue);
            outputs.GuestErased(user, late, user.ErasedAt);
            return true;
        }

        BringUpToDate.Apply(user, shard); // 3
        user.IsErased = false;
        user.Guests = Join(user.Guests, new LinkedGuest(guest, delta.Generation), shard.Settings.Options.MaxGuests); // 4
        var wasEmpty = user.EventCount == 0;
        foreach (var (name, count) in delta.Counts) // 5
        {
            var type = EventTypes.Parse(name);
            if (type == EventType.Unknown) continue;
            user.Counts[(int)type] += count;
            user.EventCount += count;
        }

        foreach (var action in delta.Actions)
        {
            user.FirstEventMs = wasEmpty ? action.AtMs : Math.Min(user.FirstEventMs, action.AtMs);
            user.LastEventMs = wasEmpty ? action.AtMs : Math.Max(user.LastEventMs, action.AtMs);
            wasEmpty = false;
            ApplyAction(user, action, batchEventsFrom, shard);
        }

        return true;
    }

    /// <summary>Joins a guest into a list: the same guest takes the greater generation; beyond the bound the oldest goes.</summary>
    public static LinkedGuest[] Join(LinkedGuest[] guests, LinkedGuest guest, int max)
    {
        for (var i = 0; i < guests.Length; i++)
        {
            if (guests[i].Key != guest.Key) continue;
            if (guests[i].Generation >= guest.Generation) return guests;
            var raised = (LinkedGuest[])guests.Clone();
            raised[i] = guest;
            return raised;
        }

        var drop = guests.Length >= max ? guests.Length - max + 1 : 0;
        return [.. guests.AsSpan(drop), guest];
    }

    // The link was made before the user was erased, but the erasure did not find it among the user's guests: its first delta was under way still, or so many guests came after it that it was forgotten.
    private static bool IsOfErasedTime(UserState user, UserKey guest, LinkDelta delta)
    {
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.LateLinkRevives)) return false;
#endif
        return user.ErasedAt >= 0 && delta.LinkedAtMs is { } linkedAt && linkedAt <= user.ErasedAtMs && !user.Guests.Any(g => g.Key == guest && g.Generation >= delta.Generation);
    }

    private static void ApplyAction(UserState user, LinkAction action, long position, ShardState shard)
    {
        var type = EventTypes.Parse(action.Type);
        if (type is EventType.Purchase or EventType.Refund)
            PurchaseFold.Apply(ref user.Purchases, type, action.Quantity, action.UnitPriceE4, action.Currency, action.AtMs, position, shard.Settings, ref user.EpisodePosition);
        if (!user.Allows(ConsentFlags.Personalise) || !ActionRing.Takes(type)) return;
        var item = shard.Items.GetOrAdd(System.Text.Encoding.UTF8.GetBytes(action.ItemId));
        if (type == EventType.Purchase) ItemLists.AddBought(user, item, action.AtMs, shard.Settings);
        var entry = new RingEntry { Item = item, Type = type, RatingE1 = action.Rating, AtMs = action.AtMs };
        InterestFold.Take(user, entry, shard);
    }
}
