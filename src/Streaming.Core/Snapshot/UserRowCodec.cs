using System.Buffers.Binary;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Core.Snapshot;

/// <summary>
/// A profile as one blob: magic, version, length of the content, content (everything of docs/fold.md, canonical: equal profiles give equal bytes), the part beside Fold
/// (positions, versions, due entries), CRC-32C. Versions are extended only; a newer one is refused, never guessed.
/// </summary>
/// <param name="items">Item numbers of the process.</param>
/// <param name="isOfProcess">True for rows that never leave the process: they hold item numbers in place of ids, and are no rows to anyone else.</param>
public sealed class UserRowCodec(ItemDictionary items, bool isOfProcess = false)
{
    private const int MaxList = 1 << 20;

    private readonly List<int> _order = [];
    private int[] _localOf = new int[1024];

    /// <summary>Appends a profile's row.</summary>
    public void Encode(UserState user, RowWriter into)
    {
        var start = into.Length;
        into.Byte(UserRowHeader.Magic);
        // The lowest version that holds the profile: a row without the fields of a later one stays readable for programs that know no later one.
        var version = (byte)(user.AlertedAtMs != 0 ? 3 : user.LinkedAtMs != 0 || user.ErasedAtMs != 0 ? 2 : 1);
        into.Byte(version);
        into.Fixed32(0);
        WriteContent(user, into);
        if (version >= 2)
        {
            into.Signed(user.LinkedAtMs);
            into.Signed(user.ErasedAtMs);
        }

        if (version >= 3) into.Signed(user.AlertedAtMs);

        into.PatchFixed32(start + 2, (uint)(into.Length - start - UserRowHeader.Length));
        WriteBeside(user, into);
        into.Fixed32(Crc32C.Of(into.Written[start..]));
    }

    /// <summary>The content part of a row: what state hashes are made of.</summary>
    public static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> row)
    {
        UserRowHeader.Check(row);
        return row.Slice(UserRowHeader.Length, (int)BinaryPrimitives.ReadUInt32LittleEndian(row[2..]));
    }

    /// <summary>Reads a row back.</summary>
    /// <exception cref="CorruptRowException">Bad checksum, cut off, or written by a newer version.</exception>
    public UserState Decode(ReadOnlySpan<byte> row, UserKey key)
    {
        UserRowHeader.Check(row);
        var content = (int)BinaryPrimitives.ReadUInt32LittleEndian(row[2..]);
        var user = new UserState(key);
        var reader = new RowReader(row.Slice(UserRowHeader.Length, content));
        ReadContent(user, ref reader);
        if (row[1] >= 2)
        {
            user.LinkedAtMs = reader.Signed();
            user.ErasedAtMs = reader.Signed();
        }

        if (row[1] >= 3) user.AlertedAtMs = reader.Signed();

        if (reader.Remaining > 0) throw new CorruptRowException("the row has bytes that belong to nothing");
        var beside = new RowReader(row[(UserRowHeader.Length + content)..^4]);
        UserRowParts.ReadBeside(user, ref beside);
        return beside.Remaining > 0 ? throw new CorruptRowException("the row has bytes that belong to nothing") : user;
    }

    private void WriteContent(UserState user, RowWriter w)
    {
        foreach (var item in _order) _localOf[item] = 0;
        _order.Clear();
        NumberItems(user);
        w.Unsigned((ulong)_order.Count);
        foreach (var item in _order)
        {
            if (isOfProcess) w.Unsigned((ulong)item);
            else w.Bytes(items.Id(item));
        }

        w.Signed(user.EventCount);
        w.Signed(user.FirstEventMs);
        w.Signed(user.LastEventMs);
        foreach (var count in user.Counts) w.Unsigned(count);
        WriteVectors(user, w);
        WriteActions(user, w);
        WritePurchases(user, w);
        WriteLists(user, w);
        WriteIdentity(user, w);
    }

    // Items are numbered by first appearance in the order of the content, so that equal profiles give equal bytes in every process.
    private void NumberItems(UserState user)
    {
        for (var i = 0; i < user.RingCount; i++) Local(user.RingAt(i).Item);
        for (var i = 0; i < user.Session.ActionCount; i++) Local(user.Session.Actions![i].Item);
        for (var i = 0; i < user.BoughtCount; i++) Local(user.Bought[i].Item);
        for (var i = 0; i < user.ImpressionCount; i++) Local(user.Impressions[i].Item);
        for (var i = 0; i < user.ExcludedCount; i++) Local(user.Excluded[i]);
    }

    private ulong Local(int item)
    {
        if (item >= _localOf.Length) Array.Resize(ref _localOf, Math.Max(item + 1, _localOf.Length * 2));
        var local = _localOf[item];
        if (local > 0) return (ulong)(local - 1);
        _order.Add(item);
        _localOf[item] = _order.Count;
        return (ulong)(_order.Count - 1);
    }

    private static void WriteVectors(UserState user, RowWriter w)
    {
        if (user.IsRingWhole)
        {
            w.Unsigned(0);
            w.Unsigned(0);
            return;
        }

        w.Unsigned((ulong)(user.Vectors?.Length ?? 0));
        if (user.Vectors is not null)
        {
            w.Floats(user.Vectors);
            foreach (var landmark in user.LandmarkMs) w.Signed(landmark);
            foreach (var mass in user.Mass) w.Double(mass);
        }

        w.Unsigned((ulong)user.InterestCount);
        for (var i = 0; i < user.InterestCount; i++)
        {
            var interest = user.Interests[i];
            w.Unsigned((ulong)interest.Centroid.Length);
            w.Floats(interest.Centroid);
            w.Double(interest.Weight);
            w.Signed(interest.LastMs);
        }
    }

    private void WriteActions(UserState user, RowWriter w)
    {
        w.Unsigned((ulong)user.RingCount);
        var beforeMs = user.FirstEventMs;
        for (var i = 0; i < user.RingCount; i++) WriteEntry(user.RingAt(i), ref beforeMs, w);
        ref var session = ref user.Session;
        w.Unsigned((ulong)session.EventCount);
        if (session.EventCount == 0) return;
        w.Fixed64(session.IdHash);
        w.Signed(session.OpenedAt);
        w.Signed(session.StartMs);
        w.Signed(session.LastMs);
        w.Unsigned((ulong)session.ActionCount);
        beforeMs = session.StartMs;
        for (var i = 0; i < session.ActionCount; i++) WriteEntry(session.Actions![i], ref beforeMs, w);
    }

    // Times as differences: mostly two or three bytes instead of six.
    private void WriteEntry(in RingEntry entry, ref long beforeMs, RowWriter w)
    {
        w.Unsigned(Local(entry.Item));
        w.Byte((byte)entry.Type);
        if (entry.Type is EventType.Rating or EventType.Review) w.Byte(entry.RatingE1);
        w.Signed(entry.AtMs - beforeMs);
        beforeMs = entry.AtMs;
    }

    private static void WritePurchases(UserState user, RowWriter w)
    {
        ref var p = ref user.Purchases;
        w.Signed(p.Lines);
        if (p.Lines == 0) return;
        w.Signed(p.Units);
        w.Signed(p.Occasions);
        w.Signed(p.AmountE4);
        w.Signed(p.RefundedE4);
        w.Signed(p.OtherCurrency);
        w.Signed(p.Currency);
        w.Signed(p.FirstMs);
        w.Signed(p.LastMs);
        w.Signed(p.GapCount);
        w.Double(p.GapMeanMs);
        w.Double(p.GapM2);
    }

    private void WriteLists(UserState user, RowWriter w)
    {
        w.Unsigned((ulong)user.BoughtCount);
        for (var i = 0; i < user.BoughtCount; i++)
        {
            w.Unsigned(Local(user.Bought[i].Item));
            w.Signed(user.Bought[i].Count);
            w.Signed(user.Bought[i].LastMs);
            w.Floats([user.Bought[i].Weight]);
        }

        w.Unsigned((ulong)user.ImpressionCount);
        for (var i = 0; i < user.ImpressionCount; i++)
        {
            w.Unsigned(Local(user.Impressions[i].Item));
            w.Signed(user.Impressions[i].Count);
            w.Signed(user.Impressions[i].LastMs);
        }

        w.Unsigned((ulong)user.ExcludedCount);
        for (var i = 0; i < user.ExcludedCount; i++) w.Unsigned(Local(user.Excluded[i]));
        w.Unsigned((ulong)user.RecentIdsCount);
        for (var i = 0; i < user.RecentIdsCount; i++) w.Fixed64(RecentIds.At(user, i));
    }

    private static void WriteIdentity(UserState user, RowWriter w)
    {
        w.Byte((byte)user.Consent);
        w.Byte((byte)((user.ConsentGiven ? 1 : 0) | (user.IsErased ? 2 : 0) | (user.LinkedTo is null ? 0 : 4)));
        foreach (var count in user.Messages) w.Unsigned(count);
        if (user.LinkedTo is { } linked) w.Bytes(linked.Bytes);
        w.Signed(user.LinkGeneration);
        WriteGuests(user.Guests, w);
        WriteGuests(user.BrokenGuests, w);
        w.Signed(user.EpisodePosition);
        w.Signed(user.AlertedEpisode);
        w.Signed(user.ErasedAt);
    }

    private static void WriteGuests(LinkedGuest[] guests, RowWriter w)
    {
        w.Unsigned((ulong)guests.Length);
        foreach (var guest in guests)
        {
            w.Bytes(guest.Key.Bytes);
            w.Signed(guest.Generation);
        }
    }

    private static void WriteBeside(UserState user, RowWriter w)
    {
        w.Byte(user.IsRingWhole ? (byte)1 : (byte)0);
        w.Signed(user.TableVersion);
        w.Signed(user.SettingsVersion);
        w.Signed(user.AppliedEvents);
        w.Signed(user.AppliedLinks);
        w.Signed(user.AppliedSequence);
        w.Signed(user.StoredSessionBucket);
        w.Signed(user.StoredChurnBucket);
        w.Signed(user.IndexedSessionDueMs);
        w.Signed(user.IndexedChurnDueMs);
    }

    private void ReadContent(UserState user, ref RowReader r)
    {
        var ids = new int[r.Count(MaxList)];
        for (var i = 0; i < ids.Length; i++) ids[i] = isOfProcess ? (int)r.Unsigned() : items.GetOrAdd(r.Bytes());
        user.EventCount = r.Signed();
        user.FirstEventMs = r.Signed();
        user.LastEventMs = r.Signed();
        for (var i = 0; i < user.Counts.Length; i++) user.Counts[i] = (uint)r.Unsigned();
        UserRowParts.ReadVectors(user, ref r);
        ReadActions(user, ids, ref r);
        UserRowParts.ReadPurchases(user, ref r);
        ReadLists(user, ids, ref r);
        UserRowParts.ReadIdentity(user, ref r);
    }

    private static void ReadActions(UserState user, int[] ids, ref RowReader r)
    {
        user.RingCount = r.Count(MaxList);
        user.Ring = user.RingCount == 0 ? [] : new RingEntry[user.RingCount];
        var beforeMs = user.FirstEventMs;
        for (var i = 0; i < user.RingCount; i++) user.Ring[i] = ReadEntry(ids, ref beforeMs, ref r);
        user.Session.EventCount = (int)r.Unsigned();
        if (user.Session.EventCount == 0) return;
        user.Session.IdHash = r.Fixed64();
        user.Session.OpenedAt = r.Signed();
        user.Session.StartMs = r.Signed();
        user.Session.LastMs = r.Signed();
        user.Session.ActionCount = r.Count(MaxList);
        user.Session.Actions = user.Session.ActionCount == 0 ? null : new RingEntry[user.Session.ActionCount];
        beforeMs = user.Session.StartMs;
        for (var i = 0; i < user.Session.ActionCount; i++) user.Session.Actions![i] = ReadEntry(ids, ref beforeMs, ref r);
    }

    private static RingEntry ReadEntry(int[] ids, ref long beforeMs, ref RowReader r)
    {
        var item = Item(ids, ref r);
        var type = r.Byte();
        if (type >= EventTypes.Count) throw new CorruptRowException($"the row holds an event type {type} that this program does not know");
        var rating = (EventType)type is EventType.Rating or EventType.Review ? r.Byte() : (byte)0;
        beforeMs += r.Signed();
        return new RingEntry { Item = item, Type = (EventType)type, RatingE1 = rating, AtMs = beforeMs };
    }

    private static int Item(int[] ids, ref RowReader r)
    {
        var local = r.Unsigned();
        return local < (ulong)ids.Length ? ids[local] : throw new CorruptRowException("the row points to an item it does not list");
    }

    private static void ReadLists(UserState user, int[] ids, ref RowReader r)
    {
        user.BoughtCount = r.Count(MaxList);
        user.Bought = user.BoughtCount == 0 ? [] : new BoughtItem[user.BoughtCount];
        Span<float> weight = stackalloc float[1];
        for (var i = 0; i < user.BoughtCount; i++)
        {
            user.Bought[i] = new BoughtItem { Item = Item(ids, ref r), Count = r.Int(), LastMs = r.Signed() };
            r.Floats(weight);
            user.Bought[i].Weight = weight[0];
        }

        user.ImpressionCount = r.Count(MaxList);
        user.Impressions = user.ImpressionCount == 0 ? [] : new ImpressionSlot[user.ImpressionCount];
        for (var i = 0; i < user.ImpressionCount; i++)
            user.Impressions[i] = new ImpressionSlot { Item = Item(ids, ref r), Count = r.Int(), LastMs = r.Signed() };
        user.ExcludedCount = r.Count(MaxList);
        user.Excluded = user.ExcludedCount == 0 ? [] : new int[user.ExcludedCount];
        for (var i = 0; i < user.ExcludedCount; i++) user.Excluded[i] = Item(ids, ref r);
        user.RecentIdsCount = r.Count(MaxList);
        user.RecentIds = user.RecentIdsCount == 0 ? [] : new ulong[user.RecentIdsCount];
        for (var i = 0; i < user.RecentIdsCount; i++) user.RecentIds[i] = r.Fixed64();
        user.RecentIdsNext = user.RecentIdsCount;
    }
}
