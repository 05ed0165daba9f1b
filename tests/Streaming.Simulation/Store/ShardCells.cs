using Streaming.Core.Events;
using Streaming.Core.Snapshot;

namespace Streaming.Simulation.Store;

/// <summary>The cells of one shard at one replica set.</summary>
internal sealed class ShardCells
{
    private readonly SortedDictionary<UserKey, Cell> _users = [];
    private readonly SortedDictionary<DueAt, Cell> _due = [];
    private readonly Dictionary<UserKey, Cell> _before = [];
    private Cell _shard;
    private Cell _shardBefore;

    /// <summary>The shard's row R.</summary>
    public StoredRow ReadShard(bool isStale) => Row(isStale && _shardBefore.Bytes is not null ? _shardBefore : _shard);

    /// <summary>A user's row; where stale, the one before it, as a replica that missed the last write holds it.</summary>
    public StoredRow ReadUser(byte[] key, bool isStale)
    {
        var user = new UserKey(key);
        if (isStale && _before.TryGetValue(user, out var before)) return Row(before);
        return _users.TryGetValue(user, out var cell) ? Row(cell) : default;
    }

    /// <summary>Writes a user's row. Two writes of one time must say the same: the loser's answer is returned.</summary>
    public byte[]? WriteUser(byte[] key, Cell cell)
    {
        var user = new UserKey(key);
        if (_users.TryGetValue(user, out var old))
        {
            if (cell.WriteTime == old.WriteTime) return old.Bytes;
            if (cell.WriteTime < old.WriteTime) return null;
            _before[user] = old;
        }

        _users[user] = cell;
        return null;
    }

    public void WriteShard(Cell cell)
    {
        if (_shard.Bytes is not null && cell.WriteTime <= _shard.WriteTime) return;
        _shardBefore = _shard;
        _shard = cell;
    }

    public void WriteDue(DueEntry entry, bool isRemoval, long writeTime)
    {
        var at = new DueAt(entry.Bucket, new UserKey(entry.Key), entry.Kind);
        if (_due.TryGetValue(at, out var old) && (writeTime < old.WriteTime || (writeTime == old.WriteTime && !isRemoval))) return;
        _due[at] = new Cell(writeTime, isRemoval ? null : [], entry.DueMs);
    }

    public IReadOnlyList<DueEntry> ReadDue(long from, long to) =>
        [.. _due.Where(d => d.Key.Bucket >= from && d.Key.Bucket <= to && d.Value.Bytes is not null).Select(d => new DueEntry(d.Key.Bucket, d.Key.User.Bytes, d.Key.Kind, d.Value.DueMs, d.Value.WriteTime))];

    public long? ReadFirstDueBucket()
    {
        foreach (var (at, cell) in _due)
        {
            if (cell.Bytes is not null) return at.Bucket;
        }

        return null;
    }

    public IEnumerable<StoredUser> Users() => _users.Select(u => new StoredUser(u.Key.Bytes, u.Value.WriteTime, u.Value.Bytes!));

    private static StoredRow Row(Cell cell) => new(cell.WriteTime, cell.Bytes);

    /// <summary>A copy, as a backup holds it.</summary>
    public ShardCells Copy()
    {
        var copy = new ShardCells { _shard = _shard };
        foreach (var (key, cell) in _users) copy._users.Add(key, cell);
        foreach (var (at, cell) in _due) copy._due.Add(at, cell);
        return copy;
    }
}
