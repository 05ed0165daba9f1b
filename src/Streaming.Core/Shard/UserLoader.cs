using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>Brings rows into memory, in bulk, on first touch. A key ends up loaded, known to have no row, or unreadable: unreadable is never taken for unknown.</summary>
internal sealed class UserLoader(IShardStore store, ItemDictionary items)
{
    private readonly UserRowCodec _codec = new(items);
    private readonly List<byte[]> _keys = [];
    private readonly List<UserKey> _users = [];

    /// <summary>False while the store cannot hold any row of this shard: nothing is read then.</summary>
    public bool StoreMayHoldRows { get; set; } = true;

    /// <summary>Keys whose row was unreadable in the last call, with the reason.</summary>
    public List<(UserKey Key, EngineException Error)> Unreadable { get; } = [];

    /// <summary>Loads the rows of keys that are neither in memory nor parked. Never throws for the store: what could not be read is listed in <see cref="Unreadable"/>.</summary>
    public async ValueTask LoadAsync(ShardMemory memory, IReadOnlyCollection<UserKey> wanted, CancellationToken cancellation)
    {
        Unreadable.Clear();
        if (!StoreMayHoldRows) return;
        _keys.Clear();
        _users.Clear();
        foreach (var key in wanted)
        {
            if (memory.Users.Find(key) is not null || memory.Parked.ContainsKey(key)) continue;
            _users.Add(key);
            _keys.Add(key.Bytes);
        }

        if (_keys.Count == 0) return;
        StoredRow[] rows;
        try
        {
            rows = await store.ReadUsersAsync(_keys, cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            foreach (var key in _users) Unreadable.Add((key, e));
            return;
        }

        for (var i = 0; i < rows.Length; i++) Take(memory, _users[i], rows[i]);
        ShardMetrics.UsersLoaded.Add(rows.Length);
    }

    private void Take(ShardMemory memory, UserKey key, StoredRow row)
    {
        if (row.Blob is null) return;
        UserState user;
        try
        {
            user = _codec.Decode(row.Blob, key);
        }
        catch (CorruptRowException e)
        {
            ShardMetrics.CorruptRows.Add(1);
            Unreadable.Add((key, e));
            return;
        }

        // Below a newer base the vectors are derived anew at the next touch anyway (docs/fold.md §6).
        if (user.TableVersion >= memory.State.BaseVersion && user.SettingsVersion > 0) InterestFold.Rebuild(user, memory.State.SettingsChain[user.SettingsVersion - 1], memory.State.Vectors);
        memory.Accept(user);
    }
}
