using Streaming.Core.Events;
using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>Profiles in memory by key: open addressing, linear probing, found by the bytes of a decoded batch without making a key.</summary>
internal sealed class UserTable
{
    private ulong[] _hashes = new ulong[1024];
    private UserState?[] _users = new UserState?[1024];

    /// <summary>Number of profiles.</summary>
    public int Count { get; private set; }

    /// <summary>Number of slots; for walking by <see cref="At"/>.</summary>
    public int Capacity => _users.Length;

    /// <summary>The profile in a slot, or null.</summary>
    public UserState? At(int slot) => _users[slot];

    /// <summary>The profile of a key, or null.</summary>
    public UserState? Find(ulong hash, ReadOnlySpan<byte> key)
    {
        var mask = _users.Length - 1;
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            var user = _users[i];
            if (user is null) return null;
            if (_hashes[i] == hash && user.Key.Bytes.AsSpan().SequenceEqual(key)) return user;
        }
    }

    /// <summary>The profile of a key, or null.</summary>
    public UserState? Find(UserKey key) => Find(key.Hash, key.Bytes);

    /// <summary>Adds a profile whose key is not there yet.</summary>
    public void Add(UserState user)
    {
        if ((Count + 1) * 2 > _users.Length) Grow();
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
        var mask = _users.Length - 1;
        var i = (int)key.Hash & mask;
        while (_users[i] is { } user)
        {
            if (_hashes[i] == key.Hash && user.Key == key)
            {
                CloseGap(i, mask);
                Count--;
                return;
            }

            i = (i + 1) & mask;
        }
    }

    private void CloseGap(int gap, int mask)
    {
        for (var i = (gap + 1) & mask; _users[i] is not null; i = (i + 1) & mask)
        {
            var home = (int)_hashes[i] & mask;
            if (((i - home) & mask) < ((i - gap) & mask)) continue;
            _users[gap] = _users[i];
            _hashes[gap] = _hashes[i];
            gap = i;
        }

        _users[gap] = null;
    }

    private void Insert(UserState user)
    {
        var mask = _users.Length - 1;
        var i = (int)user.Key.Hash & mask;
        while (_users[i] is not null) i = (i + 1) & mask;
        _users[i] = user;
        _hashes[i] = user.Key.Hash;
    }

    private void Grow()
    {
        var before = _users;
        _users = new UserState?[before.Length * 2];
        _hashes = new ulong[before.Length * 2];
        foreach (var user in before)
        {
            if (user is not null) Insert(user);
        }
    }
}
