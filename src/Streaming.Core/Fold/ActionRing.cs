using Streaming.Contracts;

namespace Streaming.Core.Fold;

/// <summary>The ring of a profile's latest item actions, in partition order.</summary>
public static class ActionRing
{
    /// <summary>Types that are actions (docs/fold.md §3.9d).</summary>
    public static bool Takes(EventType type) => type is EventType.View or EventType.Click or EventType.AddToCart or EventType.RemoveFromCart
        or EventType.Wishlist or EventType.Purchase or EventType.Refund or EventType.Rating or EventType.Review or EventType.NotInterested;

    /// <summary>True where the next action makes the oldest give way.</summary>
    public static bool IsFull(UserState user, int length) => user.RingCount == user.Ring.Length && user.Ring.Length >= length;

    /// <summary>Appends; beyond the length the oldest gives way.</summary>
    public static void Push(UserState user, in RingEntry entry, int length)
    {
        if (user.RingCount == user.Ring.Length && user.Ring.Length < length) Grow(user, Math.Min(length, Math.Max(4, user.Ring.Length * 2)));
        if (user.RingCount < user.Ring.Length)
        {
            user.Ring[(user.RingStart + user.RingCount) % user.Ring.Length] = entry;
            user.RingCount++;
            return;
        }

        user.IsRingWhole = false;
        user.Ring[user.RingStart] = entry;
        user.RingStart = (user.RingStart + 1) % user.Ring.Length;
    }

    /// <summary>Drops the oldest entries of a ring that became shorter.</summary>
    public static void Fit(UserState user, int length)
    {
        if (user.Ring.Length <= length) return;
        while (user.RingCount > length)
        {
            user.IsRingWhole = false;
            user.RingStart = (user.RingStart + 1) % user.Ring.Length;
            user.RingCount--;
        }

        Grow(user, length);
    }

    private static void Grow(UserState user, int length)
    {
        var ring = new RingEntry[length];
        for (var i = 0; i < user.RingCount; i++) ring[i] = user.RingAt(i);
        user.Ring = ring;
        user.RingStart = 0;
    }
}
