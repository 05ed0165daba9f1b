using Streaming.Core.Items;

namespace Streaming.Core.Fold;

/// <summary>
/// Item vectors under one chain of tables: a base and small additive versions on top of it. Vectors never change within a chain; a version only adds
/// items. Immutable to readers once published; the version an item came with tells a profile what it has not counted yet. A base is shared with the process's other shards
/// (<see cref="VectorBlock"/>); what came on top of it is the shard's own.
/// </summary>
public sealed class ItemVectorTable
{
    private readonly ItemDictionary _items;
    private VectorBlock? _shared;
    private int _sharedVersion;
    private float[] _vectors = [];
    private int[] _slotOfItem = [];
    private int[] _itemOfSlot = [];
    private int[] _versionOfSlot = [];
    private int _slots;

    /// <summary>An empty chain.</summary>
    /// <param name="items">The process's item numbers.</param>
    /// <param name="dimensions">D.</param>
    /// <param name="versionsBefore">Versions of earlier chains, so that ordinals go on.</param>
    public ItemVectorTable(ItemDictionary items, int dimensions, int versionsBefore = 0)
    {
        Version = versionsBefore;
        _items = items;
        Dimensions = dimensions;
    }

    /// <summary>D.</summary>
    public int Dimensions { get; }

    /// <summary>Number of items with a vector.</summary>
    public int Count => SharedCount + _slots;

    /// <summary>Ordinal of the newest version; 0 = none yet.</summary>
    public int Version { get; private set; }

    /// <summary>sha256 (hex) of each version's bytes, version 1 first.</summary>
    public List<string> Chain { get; } = [];

    /// <summary>The vector of an item, or empty.</summary>
    public ReadOnlySpan<float> Vector(int item)
    {
        if (_shared is { } shared && shared.SlotOf(item) is var at && at >= 0) return shared.Vector(at);
        var slot = Slot(item);
        return slot < 0 ? [] : _vectors.AsSpan(slot * Dimensions, Dimensions);
    }

    /// <summary>Version that brought an item's vector; 0 = it has none.</summary>
    public int VersionOf(int item)
    {
        if (_shared?.SlotOf(item) >= 0) return _sharedVersion;
        var slot = Slot(item);
        return slot < 0 ? 0 : _versionOfSlot[slot];
    }

    /// <summary>All vectors for exact scans, in two pieces of slots one after another: 0, the shared base, and 1, what came on top.</summary>
    public ReadOnlySpan<float> VectorsOf(int piece) => piece == 0 ? _shared is { } shared ? shared.Vectors : [] : _vectors.AsSpan(0, _slots * Dimensions);

    /// <summary>Item number of each slot of a piece (see <see cref="VectorsOf"/>).</summary>
    public ReadOnlySpan<int> ItemsOf(int piece) => piece == 0 ? _shared is { } shared ? shared.ItemOfSlot : [] : _itemOfSlot.AsSpan(0, _slots);

    /// <summary>Codes of piece 0; null where there is no shared base.</summary>
    public VectorCodes? SharedCodes => _shared?.Codes;

    /// <summary>Adds a version. Items that already have a vector keep it.</summary>
    /// <param name="sha256">Hash of the version's bytes.</param>
    /// <param name="entries">Item ids (UTF-8) and vectors of D floats, in the version's order.</param>
    public void AddVersion(string sha256, IEnumerable<(byte[] ItemId, float[] Vector)> entries)
    {
        Version++;
        Chain.Add(sha256);
        if (Count == 0 && entries is VectorBlock block && block.Fits(_items, Dimensions))
        {
            (_shared, _sharedVersion) = (block, Version);
            return;
        }

        foreach (var (id, vector) in entries) Add(_items.GetOrAdd(id), vector);
    }

    /// <summary>What a version of this chain added, as <see cref="AddVersion"/> takes it; null where the chain does not hold it.</summary>
    /// <param name="sha256">Hash of the version's bytes.</param>
    public IReadOnlyList<(byte[] ItemId, float[] Vector)>? EntriesOf(string sha256)
    {
        var index = Chain.IndexOf(sha256);
        if (index < 0) return null;
        var version = Version - Chain.Count + 1 + index;
        if (version == _sharedVersion && _shared is { } shared) return shared;
        var versions = _versionOfSlot.AsSpan(0, _slots);
        // Slots stand in the order of their versions.
        var (low, high) = (0, versions.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (versions[middle] < version) low = middle + 1;
            else high = middle;
        }

        var entries = new List<(byte[], float[])>();
        for (var slot = low; slot < versions.Length && versions[slot] == version; slot++)
            entries.Add((_items.Id(_itemOfSlot[slot]).ToArray(), _vectors.AsSpan(slot * Dimensions, Dimensions).ToArray()));
        return entries;
    }

    private int SharedCount => _shared?.Count ?? 0;

    private int Slot(int item)
    {
        var slots = _slotOfItem;
        return (uint)item < (uint)slots.Length ? slots[item] - 1 : -1;
    }

    private void Add(int item, float[] vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimensions);
        if (VersionOf(item) > 0) return;
        if (item >= _slotOfItem.Length) Array.Resize(ref _slotOfItem, Math.Max(item + 1, _slotOfItem.Length * 2));
        if (_slots == _itemOfSlot.Length)
        {
            var room = Math.Max(16, _slots * 2);
            Array.Resize(ref _itemOfSlot, room);
            Array.Resize(ref _versionOfSlot, room);
            Array.Resize(ref _vectors, room * Dimensions);
        }

        vector.CopyTo(_vectors, _slots * Dimensions);
        _itemOfSlot[_slots] = item;
        _versionOfSlot[_slots] = Version;
        _slotOfItem[item] = ++_slots;
    }
}
