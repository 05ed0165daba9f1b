using System.Collections;
using Streaming.Core.Items;

namespace Streaming.Core.Fold;

/// <summary>
/// The vectors of one version in one piece of memory, never changed: a trained base is the same for every shard of a process, and is kept once. As a list it makes its entries when asked.
/// </summary>
public sealed class VectorBlock : IReadOnlyList<(byte[] ItemId, float[] Vector)>
{
    private readonly ItemDictionary _items;
    private readonly float[] _vectors;
    private readonly int[] _itemOfSlot;
    private readonly int[] _slotOfItem;

    private VectorBlock(ItemDictionary items, int dimensions, float[] vectors, int[] itemOfSlot, int[] slotOfItem) =>
        (_items, Dimensions, _vectors, _itemOfSlot, _slotOfItem, Codes) = (items, dimensions, vectors, itemOfSlot, slotOfItem, CodesOf(dimensions, vectors));

    /// <summary>D.</summary>
    public int Dimensions { get; }

    /// <summary>Number of items.</summary>
    public int Count => _itemOfSlot.Length;

    /// <summary>All vectors, slot after slot.</summary>
    public ReadOnlySpan<float> Vectors => _vectors;

    /// <summary>Item number of each slot.</summary>
    public ReadOnlySpan<int> ItemOfSlot => _itemOfSlot;

    /// <summary>The vectors' directions in bytes, and their norms.</summary>
    public VectorCodes Codes { get; }

    /// <summary>The entry of a slot, copied.</summary>
    public (byte[] ItemId, float[] Vector) this[int slot] => (_items.Id(_itemOfSlot[slot]).ToArray(), Vector(slot).ToArray());

    /// <summary>Puts entries, each item once, into one piece.</summary>
    /// <exception cref="ArgumentException">A vector of another length than D, or an item twice.</exception>
    public static VectorBlock Of(ItemDictionary items, int dimensions, IReadOnlyList<VectorTableEntry> entries)
    {
        var vectors = new float[entries.Count * dimensions];
        var itemOfSlot = new int[entries.Count];
        for (var slot = 0; slot < itemOfSlot.Length; slot++)
        {
            var (id, vector) = entries[slot];
            if (vector.Length != dimensions) throw new ArgumentException($"a vector has {vector.Length} values, not {dimensions}");
            vector.CopyTo(vectors, slot * dimensions);
            itemOfSlot[slot] = items.GetOrAdd(id);
        }

        var slotOfItem = new int[itemOfSlot.Length == 0 ? 0 : itemOfSlot.Max() + 1];
        for (var slot = 0; slot < itemOfSlot.Length; slot++)
        {
            ref var place = ref slotOfItem[itemOfSlot[slot]];
            if (place != 0) throw new ArgumentException($"item {items.Text(itemOfSlot[slot])} is there twice");
            place = slot + 1;
        }

        return new VectorBlock(items, dimensions, vectors, itemOfSlot, slotOfItem);
    }

    private static VectorCodes CodesOf(int dimensions, float[] vectors)
    {
        var codes = new VectorCodes(dimensions, vectors.Length / dimensions);
        codes.Append(vectors);
        return codes;
    }

    /// <summary>True where it was made with these item numbers and this D.</summary>
    public bool Fits(ItemDictionary items, int dimensions) => ReferenceEquals(items, _items) && dimensions == Dimensions;

    /// <summary>Slot of an item; -1: not here.</summary>
    public int SlotOf(int item)
    {
        var slots = _slotOfItem;
        return (uint)item < (uint)slots.Length ? slots[item] - 1 : -1;
    }

    /// <summary>The vector of a slot.</summary>
    public ReadOnlySpan<float> Vector(int slot) => _vectors.AsSpan(slot * Dimensions, Dimensions);

    /// <inheritdoc/>
    public IEnumerator<(byte[] ItemId, float[] Vector)> GetEnumerator()
    {
        for (var slot = 0; slot < Count; slot++) yield return this[slot];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
