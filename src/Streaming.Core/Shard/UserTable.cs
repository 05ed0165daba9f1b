using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>Profiles in memory by key: open addressing, linear probing, found by the bytes of a decoded batch without making a key.</summary>
internal sealed class UserTable
{
    /// <summary>Keys that are looked for together.</summary>
    public const int GroupSize = 16;

    private Slot[] _slots = new Slot[1024];

    /// <summary>Number of profiles.</summary>
    public int Count { get; private set; }

    /// <summary>Number of slots; for walking by <see cref="At"/>.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Counts profiles that left: what was found before may be there no more.</summary>
    public int Removals { get; private set; }

    /// <summary>The profile in a slot, or null.</summary>
    public UserState? At(int slot) => _slots[slot].User;

    /// <summary>The profile of a key, or null.</summary>
    public UserState? Find(ulong hash, ReadOnlySpan<byte> key)
    {
        var mask = _slots.Length - 1;
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            ref readonly var slot = ref _slots[i];
            if (slot.User is not { } user) return null;
            if (slot.Hash == hash && user.Key.Bytes.AsSpan().SequenceEqual(key)) return user;
        }
    }

    /// <summary>The profiles of some keys, null where there is none: each step is done for all of them before the next, so that their ways to memory overlap.</summary>
    /// <param name="decoded">Batch with the keys.</param>
    /// <param name="events">At most <see cref="GroupSize"/> events of it.</param>
    /// <param name="found">As long; null also for dead letters.</param>
    public void Find(DecodedBatch decoded, ReadOnlySpan<DecodedEvent> events, Span<UserState?> found)
    {
        var mask = _slots.Length - 1;
        foreach (ref readonly var e in events) Prefetch.Line(ref _slots[(int)e.UserHash & mask]);
        for (var g = 0; g < events.Length; g++)
        {
            found[g] = events[g].Reason == DeadLetterReason.None ? Candidate(events[g].UserHash, mask) : null;
            if (found[g] is { } user) Prefetch.Object(user, 1);
        }

        foreach (var user in found[..events.Length])
        {
            if (user is not null) Prefetch.Line(ref user.Key.Bytes[0]);
        }

        for (var g = 0; g < events.Length; g++)
        {
            if (found[g] is not { } user) continue;
            var key = decoded.Of(events[g].User);
            if (!user.Key.Bytes.AsSpan().SequenceEqual(key)) found[g] = Find(events[g].UserHash, key);
        }
    }

    /// <summary>The profile of a key, or null.</summary>
    public UserState? Find(UserKey key) => Find(key.Hash, key.Bytes);

    /// <summary>Adds a profile whose key is not there yet.</summary>
    public void Add(UserState user)
    {
        if ((Count + 1) * 2 > _slots.Length) Grow();
        Insert(user);
        Count++;
    }

    /// <summary>Adds or replaces.</summary>
    public void Put(UserState user)
    {
        Remove(user.Key);
        Add(user);
    }

    /// <summary>Removes a profile, if it is there.</summary>
    public void Remove(UserKey key)
    {
        var mask = _slots.Length - 1;
        var i = (int)key.Hash & mask;
        while (_slots[i].User is { } user)
        {
            if (_slots[i].Hash == key.Hash && user.Key == key)
            {
                CloseGap(i, mask);
                Count--;
                Removals++;
                return;
            }

            i = (i + 1) & mask;
        }
    }

    // The first profile with this hash, whose key is still to be held against the one that is looked for.
    private UserState? Candidate(ulong hash, int mask)
    {
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            ref readonly var slot = ref _slots[i];
            if (slot.User is null || slot.Hash == hash) return slot.User;
        }
    }

    private void CloseGap(int gap, int mask)
    {
        for (var i = (gap + 1) & mask; _slots[i].User is not null; i = (i + 1) & mask)
        {
            var home = (int)_slots[i].Hash & mask;
            if (((i - home) & mask) < ((i - gap) & mask)) continue;
            _slots[gap] = _slots[i];
            gap = i;
        }

        _slots[gap] = default;
    }

    private void Insert(UserState user)
    {
        var mask = _slots.Length - 1;
        var i = (int)user.Key.Hash & mask;
        while (_slots[i].User is not null) i = (i + 1) & mask;
        _slots[i] = new Slot(user.Key.Hash, user);
    }

    private void Grow()
    {
        var before = _slots;
        _slots = new Slot[before.Length * 2];
        foreach (ref readonly var slot in before.AsSpan())
        {
            if (slot.User is { } user) Insert(user);
        }
    }

    private readonly record struct Slot(ulong Hash, UserState? User);
}
