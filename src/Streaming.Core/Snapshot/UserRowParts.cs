using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Snapshot;

/// <summary>Reads the parts of a row that name no items; see <see cref="UserRowCodec"/>.</summary>
internal static class UserRowParts
{
    private const int MaxList = 1 << 20;

    /// <summary>What the shard keeps beside Fold.</summary>
    public static void ReadBeside(UserState user, ref RowReader r)
    {
        user.IsRingWhole = r.Byte() != 0;
        user.TableVersion = r.Int();
        user.SettingsVersion = r.Int();
        user.AppliedEvents = r.Signed();
        user.AppliedLinks = r.Signed();
        user.AppliedSequence = r.Signed();
        user.StoredSessionBucket = r.Signed();
        user.StoredChurnBucket = r.Signed();
        user.IndexedSessionDueMs = r.Signed();
        user.IndexedChurnDueMs = r.Signed();
    }

    /// <summary>Vectors and interests.</summary>
    public static void ReadVectors(UserState user, ref RowReader r)
    {
        var length = r.Count(MaxList);
        if (length > 0)
        {
            user.Vectors = new float[length];
            r.Floats(user.Vectors);
            for (var k = 0; k < user.LandmarkMs.Length; k++) user.LandmarkMs[k] = r.Signed();
            for (var k = 0; k < user.Mass.Length; k++) user.Mass[k] = r.Double();
        }

        user.InterestCount = r.Count(1024);
        user.Interests = user.InterestCount == 0 ? [] : new Interest[user.InterestCount];
        for (var i = 0; i < user.InterestCount; i++)
        {
            var interest = new Interest(r.Count(MaxList));
            r.Floats(interest.Centroid);
            interest.Weight = r.Double();
            interest.LastMs = r.Signed();
            user.Interests[i] = interest;
        }
    }

    /// <summary>Purchase statistics.</summary>
    public static void ReadPurchases(UserState user, ref RowReader r)
    {
        ref var p = ref user.Purchases;
        p.Lines = r.Signed();
        if (p.Lines == 0) return;
        p.Units = r.Signed();
        p.Occasions = r.Int();
        p.AmountE4 = r.Signed();
        p.RefundedE4 = r.Signed();
        p.OtherCurrency = r.Int();
        p.Currency = r.Int();
        p.FirstMs = r.Signed();
        p.LastMs = r.Signed();
        p.GapCount = r.Int();
        p.GapMeanMs = r.Double();
        p.GapM2 = r.Double();
    }

    /// <summary>Consent, messages, links, episodes and erasure.</summary>
    public static void ReadIdentity(UserState user, ref RowReader r)
    {
        user.Consent = (ConsentFlags)r.Byte();
        var flags = r.Byte();
        user.ConsentGiven = (flags & 1) != 0;
        user.IsErased = (flags & 2) != 0;
        for (var i = 0; i < user.Messages.Length; i++)
        {
            if ((uint)r.Unsigned() is var count and > 0) user.MessageCount(i) = count;
        }

        if ((flags & 4) != 0) user.LinkedTo = new UserKey(r.Bytes().ToArray());
        user.LinkGeneration = r.Int();
        user.Guests = ReadGuests(ref r);
        user.BrokenGuests = ReadGuests(ref r);
        user.EpisodePosition = r.Signed();
        user.AlertedEpisode = r.Signed();
        user.ErasedAt = r.Signed();
    }

    private static LinkedGuest[] ReadGuests(ref RowReader r)
    {
        var guests = new LinkedGuest[r.Count(MaxList)];
        for (var i = 0; i < guests.Length; i++) guests[i] = new LinkedGuest(new UserKey(r.Bytes().ToArray()), r.Int());
        return guests.Length == 0 ? [] : guests;
    }
}
