namespace Streaming.Core.Fold;

/// <summary>The duplicate window: hashes of the latest event ids of a profile.</summary>
public static class RecentIds
{
    /// <summary>Remembers an id; false where it is remembered already. Hash 0 (no id) is always new.</summary>
    public static bool TryRemember(UserState user, ulong idHash, int window)
    {
        if (idHash == 0) return true;
        if (user.RecentIds.AsSpan(0, user.RecentIdsCount).Contains(idHash)) return false;
        if (user.RecentIdsCount == user.RecentIds.Length && user.RecentIds.Length < window) Resize(user, Math.Min(window, Math.Max(8, user.RecentIds.Length * 2)));
        if (user.RecentIdsNext == user.RecentIds.Length) user.RecentIdsNext = 0;
        user.RecentIds[user.RecentIdsNext++] = idHash;
        if (user.RecentIdsCount < user.RecentIds.Length) user.RecentIdsCount++;
        return true;
    }

    /// <summary>Keeps the latest ids of a window that became smaller.</summary>
    public static void Fit(UserState user, int window)
    {
        if (user.RecentIds.Length > window) Resize(user, Math.Min(window, user.RecentIdsCount));
    }

    /// <summary>The i-th id, 0 = oldest.</summary>
    public static ulong At(UserState user, int i)
    {
        var start = user.RecentIdsCount < user.RecentIds.Length ? 0 : user.RecentIdsNext;
        return user.RecentIds[(start + i) % user.RecentIds.Length];
    }

    // The latest come to lie from the oldest on: where a full window grows because the setting did, its oldest is anywhere.
    private static void Resize(UserState user, int length)
    {
        var keep = Math.Min(length, user.RecentIdsCount);
        var kept = new ulong[length];
        for (var i = 0; i < keep; i++) kept[i] = At(user, user.RecentIdsCount - keep + i);
        user.RecentIds = kept;
        user.RecentIdsCount = keep;
        user.RecentIdsNext = keep;
    }
}
