using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>
/// Profiles that left the object form, kept in memory as the bytes of their rows: a quarter of the room and no object each. They are durable, so that they may be dropped at any time; the store has them then.
/// </summary>
/// <remarks>
/// Records lie one behind the other in chunks of equal size: [length][low half of the key's hash][key][write time][time of the last recommendation][row]. One that is taken leaves garbage; once there is more
/// than an eighth of it, the chunk with the least that lives is moved together, into one that is kept free for that. Within the bound on bytes the oldest chunk gives way.
/// </remarks>
internal sealed class CompactUsers
{
    private const int MaxChunkBytes = 1 << 20, MinChunkBytes = 1 << 12, Header = 8, Align = 8;
    private readonly UserRowCodec _codec;
    private readonly RowWriter _record = new(1024);
    private readonly List<Chunk> _chunks = [];
    private readonly Stack<int> _free = new();
    private readonly int _chunkBytes, _maxFull;
    private readonly bool _moves;
    private Slot[] _slots = new Slot[64];
    private int _current = -1;
    private long _filled, _live;

    /// <param name="items">Item numbers of the process, which stand in the rows in place of ids.</param>
    /// <param name="maxBytes">Bound on the bytes of all chunks, the free one among them; the index, 11 to 22 bytes a profile, lies beside. 0: nothing is kept.</param>
    public CompactUsers(ItemDictionary items, long maxBytes)
    {
        _codec = new UserRowCodec(items, isOfProcess: true);
        _chunkBytes = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, maxBytes / 16)), MinChunkBytes, MaxChunkBytes);
        var chunks = (int)Math.Min(maxBytes / _chunkBytes, uint.MaxValue / (_chunkBytes / Align));
        _moves = chunks > 2;
        _maxFull = _moves ? chunks - 1 : chunks;
    }

    /// <summary>Profiles kept.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of chunks and index.</summary>
    public long Bytes => ((long)_chunks.Count * _chunkBytes) + (_slots.Length * 8L);

    /// <summary>Keeps a profile that leaves the object form. It must be durable, with due entries that say so.</summary>
    public void Put(UserState user)
    {
        if (_maxFull == 0) return;
        Debug.Assert(Find((uint)user.Key.Hash, user.Key.Bytes) < 0, "a profile is an object or compact, never both");
        _record.Truncate(0);
        _record.Fixed32(0);
        _record.Fixed32((uint)user.Key.Hash);
        _record.Bytes(user.Key.Bytes);
        _record.Signed(user.RowWriteTime);
        _record.Signed(user.RecommendedMs);
        _codec.Encode(user, _record);
        _record.PatchFixed32(0, (uint)_record.Length);
        if (_record.Length > _chunkBytes / 4) return; // the few that are so large would not fill chunks well
        if ((Count + 1) * 4L > _slots.Length * 3L) Grow();
        if (_current < 0 || Room(_record.Length) > _chunkBytes - _chunks[_current].Used) Turn();
        Insert((uint)user.Key.Hash, Append(_record.Written));
        Count++;
    }

    /// <summary>Takes a profile back into the object form; null where it is not kept.</summary>
    public UserState? Take(UserKey key)
    {
        var slot = Find((uint)key.Hash, key.Bytes);
        if (slot < 0) return null;
        var record = Record(_slots[slot].Address);
        var reader = new RowReader(record[Header..]);
        reader.Bytes();
        var (writeTime, recommendedMs) = (reader.Signed(), reader.Signed());
        var user = _codec.Decode(record[^reader.Remaining..], key);
        // Who leaves has due entries that are as new as the row.
        (user.RowWriteTime, user.EntriesWriteTime, user.RecommendedMs) = (writeTime, writeTime, recommendedMs);
        Forget(_slots[slot].Address);
        Remove(slot);
        return user;
    }

    private static int Room(int length) => (length + Align - 1) & ~(Align - 1);

    private uint Append(ReadOnlySpan<byte> record)
    {
        var chunk = _chunks[_current];
        var address = (uint)((((long)_current * _chunkBytes) + chunk.Used) / Align) + 1;
        record.CopyTo(chunk.Bytes.AsSpan(chunk.Used));
        chunk.Used += Room(record.Length);
        chunk.Live += Room(record.Length);
        _live += Room(record.Length);
        return address;
    }

    private Span<byte> Record(uint address)
    {
        var (chunk, start) = Place(address);
        var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(chunk.Bytes.AsSpan(start));
        return chunk.Bytes.AsSpan(start, length);
    }

    private (Chunk Chunk, int Start) Place(uint address)
    {
        var at = (long)(address - 1) * Align;
        return (_chunks[(int)(at / _chunkBytes)], (int)(at % _chunkBytes));
    }

    private void Forget(uint address)
    {
        var room = Room(Record(address).Length);
        Place(address).Chunk.Live -= room;
        _live -= room;
    }

    // The chunk is full. What lives of another is moved into the next one where there is garbage enough; else, at the bound, the oldest gives way, and is the next one.
    private void Turn()
    {
        var full = _chunks.Count - _free.Count;
        _current = -1;
        var garbage = ((long)full * _chunkBytes) - _live;
        var emptiest = _moves && garbage * 8 > _live ? Emptiest() : -1;
        var isMoved = emptiest >= 0 && _chunks[emptiest].Live <= _chunkBytes * 3 / 4;
        if (!isMoved && full >= _maxFull) Clear(Oldest(), isMoved: false);
        if (!_free.TryPop(out var next))
        {
            next = _chunks.Count;
            _chunks.Add(new Chunk(_chunkBytes));
        }

        _chunks[next].Number = ++_filled;
        _current = next;
        if (isMoved) Clear(emptiest, isMoved: true);
    }

    private int Emptiest()
    {
        var found = -1;
        for (var i = 0; i < _chunks.Count; i++)
        {
            if (_chunks[i].Used > 0 && (found < 0 || _chunks[i].Live < _chunks[found].Live)) found = i;
        }

        return found;
    }

    private int Oldest()
    {
        var found = -1;
        for (var i = 0; i < _chunks.Count; i++)
        {
            if (_chunks[i].Used > 0 && (found < 0 || _chunks[i].Number < _chunks[found].Number)) found = i;
        }

        return found;
    }

    private void Clear(int index, bool isMoved)
    {
        var chunk = _chunks[index];
        for (var at = 0; at < chunk.Used;)
        {
            var address = (uint)((((long)index * _chunkBytes) + at) / Align) + 1;
            var record = Record(address);
            at += Room(record.Length);
            var slot = FindAddress(BinaryPrimitives.ReadUInt32LittleEndian(record[4..]), address);
            if (slot < 0) continue;
            _live -= Room(record.Length);
            if (isMoved)
            {
                _slots[slot].Address = Append(record);
                continue;
            }

            ShardMetrics.CompactDropped.Add(1);
            Remove(slot);
        }

        chunk.Used = chunk.Live = 0;
        _free.Push(index);
    }

    private int Find(uint hash, ReadOnlySpan<byte> key)
    {
        var mask = _slots.Length - 1;
        for (var i = (int)hash & mask; _slots[i].Address != 0; i = (i + 1) & mask)
        {
            if (_slots[i].Hash == hash && new RowReader(Record(_slots[i].Address)[Header..]).Bytes().SequenceEqual(key)) return i;
        }

        return -1;
    }

    private int FindAddress(uint hash, uint address)
    {
        var mask = _slots.Length - 1;
        for (var i = (int)hash & mask; _slots[i].Address != 0; i = (i + 1) & mask)
        {
            if (_slots[i].Address == address) return i;
        }

        return -1;
    }

    private void Insert(uint hash, uint address)
    {
        var mask = _slots.Length - 1;
        var i = (int)hash & mask;
        while (_slots[i].Address != 0) i = (i + 1) & mask;
        _slots[i] = new Slot(hash, address);
    }

    private void Remove(int gap)
    {
        var mask = _slots.Length - 1;
        for (var i = (gap + 1) & mask; _slots[i].Address != 0; i = (i + 1) & mask)
        {
            var home = (int)_slots[i].Hash & mask;
            if (((i - home) & mask) < ((i - gap) & mask)) continue;
            _slots[gap] = _slots[i];
            gap = i;
        }

        _slots[gap] = default;
        Count--;
    }

    private void Grow()
    {
        var before = _slots;
        _slots = new Slot[before.Length * 2];
        foreach (var slot in before)
        {
            if (slot.Address != 0) Insert(slot.Hash, slot.Address);
        }
    }

    private record struct Slot(uint Hash, uint Address);

    private sealed class Chunk(int bytes)
    {
        public readonly byte[] Bytes = new byte[bytes];
        public int Used, Live;
        public long Number;
    }
}
