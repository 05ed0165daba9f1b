using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Core.Events;

namespace Streaming.Core.Items;

/// <summary>
/// Item ids of this process as dense numbers. Numbers differ from run to run, so nothing persistent and no order of results may depend on them.
/// Reading is lock-free; adding takes a lock.
/// </summary>
public sealed class ItemDictionary
{
    private const int PageBits = 10, PageItems = 1 << PageBits;
    private readonly Lock _adding = new();
    private Table _table = new(1024);
    private Page[] _pages = [];
    private int _count;

    /// <summary>Number of items seen.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of an item id, adding it when new. Equal bytes give equal numbers for the life of the process.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> id) => GetOrAdd(id, Hash64.Of(id));

    /// <summary>See <see cref="GetOrAdd(ReadOnlySpan{byte})"/>, with the <see cref="Hash64"/> of the id at hand.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> id, ulong hash)
    {
        var found = Find(id, hash);
        return found >= 0 ? found : Add(id, hash);
    }

    /// <summary>The number of an item id, or -1.</summary>
    public int Find(ReadOnlySpan<byte> id) => Find(id, Hash64.Of(id));

    /// <summary>The id's UTF-8 bytes.</summary>
    public ReadOnlySpan<byte> Id(int item) => Volatile.Read(ref _pages)[item >> PageBits].Id(item & (PageItems - 1));

    /// <summary>The id as text.</summary>
    public string Text(int item) => Encoding.UTF8.GetString(Id(item));

    /// <summary>Byte order of two items' ids: the tie rule wherever items are ordered.</summary>
    public int Compare(int left, int right) => Id(left).SequenceCompareTo(Id(right));

    /// <summary>Asks the processor for the place where an id with this hash is looked for first.</summary>
    internal void Expect(ulong hash)
    {
        var slots = Volatile.Read(ref _table).Slots;
        Prefetch.Line(ref slots[(int)hash & (slots.Length - 1)]);
    }

    private int Find(ReadOnlySpan<byte> id, ulong hash)
    {
        var slots = Volatile.Read(ref _table).Slots;
        var mask = slots.Length - 1;
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            ref var slot = ref slots[i];
            var number = Volatile.Read(ref slot.Number);
            if (number == 0) return -1;
            if (slot.Hash == hash && Id(number - 1).SequenceEqual(id)) return number - 1;
        }
    }

    private int Add(ReadOnlySpan<byte> id, ulong hash)
    {
        lock (_adding)
        {
            var found = Find(id, hash);
            if (found >= 0) return found;
            if (_count == _pages.Length * PageItems) Volatile.Write(ref _pages, [.. _pages, new Page()]);
            _pages[^1].Set(_count & (PageItems - 1), id);
            if ((_count + 1) * 2 > _table.Slots.Length) Volatile.Write(ref _table, Grown());
            _table.Insert(hash, _count);
            Volatile.Write(ref _count, _count + 1);
            return _count - 1;
        }
    }

    private Table Grown()
    {
        var grown = new Table(_table.Slots.Length * 2);
        for (var i = 0; i < _count; i++) grown.Insert(Hash64.Of(Id(i)), i);
        return grown;
    }

    // Most ids are short: they lie beside each other, where an array an id would be a walk to memory for each item of each row that is written.
    private sealed class Page
    {
        private readonly InlineId[] _inline = new InlineId[PageItems];
        private byte[]?[]? _long;

        public ReadOnlySpan<byte> Id(int place)
        {
            ref readonly var id = ref _inline[place];
            return id.Length <= InlineId.MaxLength ? id.Bytes : Volatile.Read(ref _long)![place];
        }

        public void Set(int place, ReadOnlySpan<byte> id)
        {
            if (id.Length > InlineId.MaxLength)
            {
                var ids = _long ?? new byte[PageItems][];
                ids[place] = id.ToArray();
                Volatile.Write(ref _long, ids);
            }

            _inline[place].Set(id);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct InlineId
    {
        public const int MaxLength = 15;
        private Content _content;
        private byte _length;

        /// <summary>Bytes of the id; above <see cref="MaxLength"/> it lies elsewhere.</summary>
        public readonly int Length => _length;

        [UnscopedRef]
        public readonly ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_content)[.._length];

        public void Set(ReadOnlySpan<byte> id)
        {
            _length = (byte)Math.Min(id.Length, MaxLength + 1);
            if (id.Length <= MaxLength) id.CopyTo(_content);
        }

        [InlineArray(MaxLength)]
        private struct Content
        {
            private byte _first;
        }
    }

    private struct Slot
    {
        public ulong Hash;
        public int Number;
    }

    private sealed class Table(int size)
    {
        public readonly Slot[] Slots = new Slot[size];

        public void Insert(ulong hash, int item)
        {
            var mask = Slots.Length - 1;
            var i = (int)hash & mask;
            while (Slots[i].Number != 0) i = (i + 1) & mask;
            Slots[i].Hash = hash;
            // Who sees the number sees the hash and the id.
            Volatile.Write(ref Slots[i].Number, item + 1);
        }
    }
}
