using System.Text;
using Streaming.Core.Events;

namespace Streaming.Core.Items;

/// <summary>
/// Item ids of this process as dense numbers. Numbers differ from run to run, so nothing persistent and no order of results may depend on them.
/// Reading is lock-free; adding takes a lock.
/// </summary>
public sealed class ItemDictionary
{
    private readonly Lock _adding = new();
    private Table _table = new(1024);
    private byte[][] _ids = new byte[1024][];
    private int _count;

    /// <summary>Number of items seen.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of an item id, adding it when new. Equal bytes give equal numbers for the life of the process.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> id)
    {
        var hash = Hash64.Of(id);
        var found = Find(id, hash);
        return found >= 0 ? found : Add(id, hash);
    }

    /// <summary>The number of an item id, or -1.</summary>
    public int Find(ReadOnlySpan<byte> id) => Find(id, Hash64.Of(id));

    /// <summary>The id's UTF-8 bytes.</summary>
    public ReadOnlySpan<byte> Id(int item) => Volatile.Read(ref _ids)[item];

    /// <summary>The id as text.</summary>
    public string Text(int item) => Encoding.UTF8.GetString(Id(item));

    /// <summary>Byte order of two items' ids: the tie rule wherever items are ordered.</summary>
    public int Compare(int left, int right) => Id(left).SequenceCompareTo(Id(right));

    private int Find(ReadOnlySpan<byte> id, ulong hash)
    {
        var table = Volatile.Read(ref _table);
        var ids = Volatile.Read(ref _ids);
        var mask = table.Slots.Length - 1;
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            var slot = Volatile.Read(ref table.Slots[i]);
            if (slot == 0) return -1;
            if (table.Hashes[i] == hash && ids[slot - 1].AsSpan().SequenceEqual(id)) return slot - 1;
        }
    }

    private int Add(ReadOnlySpan<byte> id, ulong hash)
    {
        lock (_adding)
        {
            var found = Find(id, hash);
            if (found >= 0) return found;
            if (_count == _ids.Length)
            {
                var ids = new byte[_count * 2][];
                _ids.CopyTo(ids, 0);
                Volatile.Write(ref _ids, ids);
            }

            _ids[_count] = id.ToArray();
            if ((_count + 1) * 2 > _table.Slots.Length) Volatile.Write(ref _table, Grown());
            _table.Insert(hash, _count);
            Volatile.Write(ref _count, _count + 1);
            return _count - 1;
        }
    }

    private Table Grown()
    {
        var grown = new Table(_table.Slots.Length * 2);
        for (var i = 0; i < _count; i++) grown.Insert(Hash64.Of(_ids[i]), i);
        return grown;
    }

    private sealed class Table(int size)
    {
        public readonly int[] Slots = new int[size];
        public readonly ulong[] Hashes = new ulong[size];

        public void Insert(ulong hash, int item)
        {
            var mask = Slots.Length - 1;
            var i = (int)hash & mask;
            while (Slots[i] != 0) i = (i + 1) & mask;
            Hashes[i] = hash;
            Volatile.Write(ref Slots[i], item + 1);
        }
    }
}
