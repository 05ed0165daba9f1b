using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;

namespace Streaming.Core.Shard;

/// <summary>
/// Profiles and items of a batch's events, looked up for all of them before the fold goes through them one by one, group by group, so that the ways to memory of a group overlap. The fold then
/// asks for each profile's lines a few events ahead.
/// </summary>
internal sealed class BatchLookup
{
    private const int FarEvents = 12, NearEvents = 5;
    private UserState?[] _found = [];
    private UserTable? _users;
    private int _count, _removals;

    /// <summary>Looks a batch's profiles up.</summary>
    public void Begin(UserTable users, DecodedBatch decoded)
    {
        ReadOnlySpan<DecodedEvent> events = decoded.Events;
        if (_found.Length < events.Length) _found = new UserState?[Math.Max(events.Length, _found.Length * 2)];
        for (var from = 0; from < events.Length; from += UserTable.GroupSize)
        {
            var group = events.Slice(from, Math.Min(UserTable.GroupSize, events.Length - from));
            users.Find(decoded, group, _found.AsSpan(from));
        }

        (_users, _count, _removals) = (users, events.Length, users.Removals);
    }

    /// <summary>Adds the keys that have no profile in memory.</summary>
    public void CollectUnknown(DecodedBatch decoded, ISet<UserKey> into)
    {
        var events = decoded.Events;
        for (var i = 0; i < _count; i++)
        {
            if (_found[i] is null && events[i].Reason == DeadLetterReason.None) into.Add(new UserKey(decoded.Of(events[i].User).ToArray(), events[i].UserHash));
        }
    }

    /// <summary>Gives every event's item its number, and adds those without a vector.</summary>
    public void NumberItems(DecodedBatch decoded, ItemDictionary items, ItemVectorTable vectors, ISet<int> withoutVector)
    {
        Span<ulong> hashes = stackalloc ulong[UserTable.GroupSize];
        var events = decoded.Events;
        for (var from = 0; from < events.Length; from += UserTable.GroupSize)
        {
            var group = events.Slice(from, Math.Min(UserTable.GroupSize, events.Length - from));
            for (var g = 0; g < group.Length; g++)
            {
                if (group[g].Item.IsEmpty) continue;
                hashes[g] = Hash64.Of(decoded.Of(group[g].Item));
                items.Expect(hashes[g]);
            }

            for (var g = 0; g < group.Length; g++)
            {
                ref var e = ref group[g];
                if (e.Item.IsEmpty || e.Reason != DeadLetterReason.None) continue;
                var item = items.GetOrAdd(decoded.Of(e.Item), hashes[g]);
                e.ItemNumber = item + 1;
                if (vectors.VersionOf(item) == 0) withoutVector.Add(item);
            }
        }
    }

    /// <summary>The profile of an event where it was in memory and nobody has left since; null: look again.</summary>
    public UserState? this[int index] => index < _count && _users!.Removals == _removals ? _found[index] : null;

    /// <summary>Asks for the memory of the events behind this one.</summary>
    public void Expect(int index)
    {
        if (index + FarEvents < _count) _found[index + FarEvents]?.ExpectFields();
        if (index + NearEvents < _count) _found[index + NearEvents]?.ExpectLists();
    }

    /// <summary>Forgets the batch.</summary>
    public void End()
    {
        Array.Clear(_found, 0, _count);
        (_users, _count) = (null, 0);
    }
}
