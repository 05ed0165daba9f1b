using Streaming.Contracts;
using Streaming.Core.Fold;

namespace Streaming.Host.Audit.Reference;

/// <summary>docs/fold.md §9: deltas of guests, sent and received.</summary>
internal static class RefLinks
{
    /// <summary>identify: the delta of everything the guest did, or null where the guest is this user's already.</summary>
    public static LinkDelta? Identify(RefProfile guest, RefEvent e, long arrivedAtMs)
    {
        if (guest.LinkedTo == e.LinkedUser) return null;
        guest.LinkedTo = e.LinkedUser;
        guest.LinkedAtMs = arrivedAtMs;
        guest.LinkGeneration++;
        var counts = new Dictionary<string, uint>();
        for (var i = 0; i < guest.Counts.Length; i++)
        {
            if (guest.Counts[i] > 0) counts[((EventType)i).WireName()] = (uint)guest.Counts[i];
        }

        return Delta(guest, e, counts, [.. guest.Ring.Select(a => new LinkAction(a.Item, a.Type.WireName(), a.AtMs, (byte)a.StarsTimesTen, 1, -1, 0))]);
    }

    /// <summary>The delta of one later event of a linked guest.</summary>
    public static LinkDelta? Straggler(RefProfile guest, RefEvent e, long t)
    {
        if (guest.LinkedTo is null || e.Type is EventType.Identify or EventType.Erase or EventType.Consent or EventType.Message) return null;
        var counts = new Dictionary<string, uint> { [e.Type.WireName()] = 1 };
        var makesAction = e.Item is not null && RefItems.IsAction(e.Type) && guest.Allows(ConsentFlags.Personalise);
        return Delta(guest, e, counts, makesAction
            ? [new LinkAction(e.Item!, e.Type.WireName(), t, (byte)e.StarsTimesTen, e.Quantity, e.PriceE4 ?? -1, PackCurrency(e.Currency))]
            : []);
    }

    /// <summary>A record of <c>links</c> on the known user's profile.</summary>
    /// <returns>The guest, where the delta is of the time before the user's erasure and the guest must be erased too; else null.</returns>
    public static RefGuest? Receive(RefProfile user, LinkDelta delta, long eventsFrom, RefSettings settings, RefTables tables)
    {
        var guestKey = "a:" + delta.AnonymousId;
        if (user.BrokenGuests.Any(g => g.Key == guestKey && g.Generation >= delta.Generation)) return null;
        if (user.ErasedAt >= 0 && delta.LinkedAtMs <= user.ErasedAtMs && !user.Guests.Any(g => g.Key == guestKey && g.Generation >= delta.Generation))
        {
            var late = new RefGuest(guestKey, delta.Generation);
            RefShard.Break(user.BrokenGuests, late);
            return late;
        }

        RefInterests.BringUpToDate(user, settings, tables);
        user.IsErased = false;
        JoinGuest(user.Guests, new RefGuest(guestKey, delta.Generation), settings.Options.MaxGuests);
        var isFirst = user.EventCount == 0;
        foreach (var (name, count) in delta.Counts)
        {
            user.Counts[(int)EventTypes.Parse(name)] += count;
            user.EventCount += count;
        }

        foreach (var action in delta.Actions)
        {
            var type = EventTypes.Parse(action.Type);
            user.FirstEventMs = isFirst ? action.AtMs : Math.Min(user.FirstEventMs, action.AtMs);
            user.LastEventMs = isFirst ? action.AtMs : Math.Max(user.LastEventMs, action.AtMs);
            isFirst = false;
            RefPurchasing.Apply(user, type, action.Quantity, action.UnitPriceE4 < 0 ? null : action.UnitPriceE4, UnpackCurrency(action.Currency), action.AtMs, eventsFrom, settings);
            if (user.Allows(ConsentFlags.Personalise))
                RefItems.BoughtAndAction(user, new RefAction(action.ItemId, type, action.Rating, action.AtMs), settings, tables);
        }

        return null;
    }

    /// <summary>Three letters in the low 24 bits, the first in the highest; 0: none.</summary>
    public static int PackCurrency(string? currency) => currency is null ? 0 : (currency[0] << 16) | (currency[1] << 8) | currency[2];

    /// <summary>See <see cref="PackCurrency"/>.</summary>
    public static string? UnpackCurrency(int packed) => packed == 0 ? null : new string([(char)(packed >> 16), (char)((packed >> 8) & 0xff), (char)(packed & 0xff)]);

    private static LinkDelta Delta(RefProfile guest, RefEvent e, Dictionary<string, uint> counts, List<LinkAction> actions) => new()
    {
        LinkId = "",
        UserId = guest.LinkedTo![2..],
        AnonymousId = guest.Key[2..],
        Generation = guest.LinkGeneration,
        LinkedAtMs = guest.LinkedAtMs,
        Counts = counts,
        Actions = actions,
    };

    private static void JoinGuest(List<RefGuest> guests, RefGuest guest, int max)
    {
        var at = guests.FindIndex(g => g.Key == guest.Key);
        if (at >= 0)
        {
            guests[at] = guest with { Generation = Math.Max(guest.Generation, guests[at].Generation) };
            return;
        }

        guests.Add(guest);
        while (guests.Count > max) guests.RemoveAt(0);
    }
}
