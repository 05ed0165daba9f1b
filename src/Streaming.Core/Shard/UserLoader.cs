using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>Brings rows into memory, in bulk, on first touch. A key ends up loaded, known to have no row, or unreadable: unreadable is never taken for unknown.</summary>
internal sealed class UserLoader(IShardStore store, ItemDictionary items, StoreMark? mark = null)
{
    private readonly UserRowCodec _codec = new(items);
    private List<byte[]> _keys = [];
    private List<UserKey> _users = [];

    /// <summary>False while the store cannot hold any row of this shard: nothing is read then.</summary>
    public bool StoreMayHoldRows { get; set; } = true;

    /// <summary>Keys whose row was unreadable in the last call, with the reason.</summary>
    public List<UnreadableRow> Unreadable { get; } = [];

    /// <summary>Loads the rows of keys that are neither in memory nor parked. Does not throw for a store that is away: what could not be read is listed in <see cref="Unreadable"/>.</summary>
    /// <param name="memory">Where they go.</param>
    /// <param name="wanted">The keys.</param>
    /// <param name="wait">Bounds the wait; null waits as long as the store takes.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StoreRolledBackException">The rows are of a store that went back; none was taken.</exception>
    public async ValueTask LoadAsync(ShardMemory memory, IReadOnlyCollection<UserKey> wanted, StoreWait? wait, CancellationToken cancellation)
    {
        Unreadable.Clear();
        if (!StoreMayHoldRows) return;
        _keys.Clear();
        _users.Clear();
        foreach (var key in wanted)
        {
            if (memory.Users.Find(key) is not null || memory.Parked.ContainsKey(key)) continue;
            if (memory.Compact.Take(key) is { } compact)
            {
                KeepCheck(memory, compact);
                memory.Accept(compact);
                ShardMetrics.CompactTaken.Add(1);
                continue;
            }

            _users.Add(key);
            _keys.Add(key.Bytes);
        }

        if (_keys.Count == 0) return;
        try
        {
            Take(memory, _users, wait is null ? await ReadAsync(_keys, cancellation).ConfigureAwait(false) : await ReadInTimeAsync(wait, cancellation).ConfigureAwait(false));
        }
        catch (StoreUnavailableException e)
        {
#if SIMULATION_DEFECTS
            if (Defects.Has(Defect.UnreadableTakenForNew)) return;
#endif
            foreach (var key in _users) Unreadable.Add(new UnreadableRow(key, ParkCause.Away, e));
        }
    }

    /// <summary>Takes rows that were read; what cannot be trusted is listed in <see cref="Unreadable"/>.</summary>
    public void Take(ShardMemory memory, IReadOnlyList<UserKey> users, StoredRow[] rows)
    {
        Unreadable.Clear();
        for (var i = 0; i < rows.Length; i++) Take(memory, users[i], rows[i]);
        ShardMetrics.UsersLoaded.Add(rows.Length);
    }

    private async ValueTask<StoredRow[]> ReadAsync(List<byte[]> keys, CancellationToken cancellation)
    {
        var rows = await store.ReadUsersAsync(keys, cancellation).ConfigureAwait(false);
        if (mark is not null) await mark.CheckAsync(cancellation).ConfigureAwait(false);
        return rows;
    }

    private async ValueTask<StoredRow[]> ReadInTimeAsync(StoreWait wait, CancellationToken cancellation)
    {
        if (wait.IsSlow)
        {
            List<byte[]> first = [_keys[0]];
            wait.Probe(() => ReadAsync(first, cancellation));
            throw StoreWait.Late();
        }

        var keys = _keys;
        var read = wait.StartAsync(() => ReadAsync(keys, cancellation));
        try
        {
            if (await wait.EndsInTimeAsync(read, cancellation).ConfigureAwait(false)) return await read.ConfigureAwait(false);
#if SIMULATION_DEFECTS
            if (Defects.Has(Defect.LateRowsTakenForNew)) return [];
#endif
            throw StoreWait.Late();
        }
        finally
        {
            if (!read.IsCompleted)
            {
                _ = StoreWait.Forget(read);
                (_keys, _users) = ([], [.. _users]); // the read still holds the keys
            }
        }
    }

    private void Take(ShardMemory memory, UserKey key, StoredRow row)
    {
        var known = memory.RowTimes[key.Hash];
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.OlderRowTaken)) known = 0;
#endif
        if (row.Blob is null ? known > 0 : row.WriteTime < known)
        {
            var found = row.Blob is null ? "no row" : $"a row of write time {row.WriteTime}";
            Unreadable.Add(new UnreadableRow(key, ParkCause.Stale, new StaleRowException($"the store answers {found}, but one of write time {known} was durable")));
            return;
        }

        if (row.Blob is null) return;
        UserState user;
        try
        {
            user = _codec.Decode(row.Blob, key);
        }
        catch (CorruptRowException e)
        {
            Unreadable.Add(new UnreadableRow(key, ParkCause.Refused, e));
            return;
        }

#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.DuplicateWindowLostAtLoad)) user.RecentIdsCount = user.RecentIdsNext = 0;
        if (Defects.Has(Defect.VectorRoundedAtLoad) && user.Vectors is { } vectors) vectors[0] = MathF.BitIncrement(vectors[0]);
#endif
        user.RowWriteTime = row.WriteTime;
        KeepCheck(memory, user);
        memory.Accept(user);
    }

    private static void KeepCheck(ShardMemory memory, UserState user)
    {
        if (memory.KeepsChecks && user.IndexedChurnDueMs != 0) user.ChurnIndexedFor = (user.Purchases.FirstMs, user.Purchases.LastMs, user.Purchases.Occasions);
    }
}
