using Streaming.Contracts;
using Streaming.Core.Decode;

namespace Streaming.Core.Fold;

/// <summary>Sessions (docs/fold.md §5).</summary>
public static class SessionFold
{
    /// <summary>Types that belong to a session.</summary>
    public static bool Belongs(EventType type) => type is EventType.View or EventType.Click or EventType.Search or EventType.Impression or EventType.AddToCart
        or EventType.RemoveFromCart or EventType.Wishlist or EventType.Purchase or EventType.Rating or EventType.Review or EventType.Identify or EventType.NotInterested;

    /// <summary>When the open session ends; <see cref="long.MaxValue"/> where none is open.</summary>
    public static long DueMs(UserState user, FoldSettings settings) =>
        user.Session.EventCount == 0 ? long.MaxValue : user.Session.LastMs + settings.SessionGapMs;

    /// <summary>Closes the open session.</summary>
    public static void Close(UserState user, IFoldOutputs outputs)
    {
        if (user.Session.ActionCount > 0 && user.Allows(ConsentFlags.Measure)) outputs.SessionClosed(user);
        user.Session = new SessionState { Actions = user.Session.Actions };
    }

    /// <summary>Counts an event into the session, closing or opening one where needed.</summary>
    public static void Apply(UserState user, in DecodedEvent e, int item, FoldSettings settings, IFoldOutputs outputs)
    {
        ref var session = ref user.Session;
        if (session.EventCount > 0 && e.SessionHash != 0 && session.IdHash != 0 && e.SessionHash != session.IdHash) Close(user, outputs); // 1
        if (session.EventCount == 0) // 2
        {
            session.IdHash = e.SessionHash;
            session.OpenedAt = e.Offset;
            session.StartMs = session.LastMs = e.OccurredAtMs;
        }
        else // 3
        {
            session.LastMs = Math.Max(session.LastMs, e.OccurredAtMs);
            if (session.IdHash == 0) session.IdHash = e.SessionHash;
        }

        session.EventCount++; // 4
        if (item < 0 || !IsAction(e.Type) || session.ActionCount >= settings.Options.MaxSessionActions) return;
        session.Actions ??= new RingEntry[4];
        if (session.ActionCount == session.Actions.Length) Array.Resize(ref session.Actions, session.ActionCount * 2);
        session.Actions[session.ActionCount++] = new RingEntry { Item = item, Type = e.Type, AtMs = e.OccurredAtMs };
    }

    private static bool IsAction(EventType type) => type is EventType.View or EventType.Click or EventType.AddToCart or EventType.RemoveFromCart
        or EventType.Wishlist or EventType.Purchase;
}
