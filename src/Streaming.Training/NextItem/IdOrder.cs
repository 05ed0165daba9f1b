using Streaming.Core.Items;

namespace Streaming.Training.NextItem;

/// <summary>
/// The order of item ids by which equal scores are told apart. Whole numbers without leading zeros come first, by value; all other ids after them, by their bytes.
/// </summary>
internal static class IdOrder
{
    /// <summary>Place of each item in the order: the larger id has the larger place.</summary>
    /// <param name="ids">Item ids.</param>
    /// <param name="count">Items to order: numbers below it.</param>
    public static int[] Places(ItemDictionary ids, int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++) order[i] = i;
        Array.Sort(order, (left, right) => Compare(ids.Id(left), ids.Id(right)));
        var places = new int[count];
        for (var i = 0; i < count; i++) places[order[i]] = i;
        return places;
    }

    /// <summary>Compares two ids.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var (leftNumber, rightNumber) = (IsNumber(left), IsNumber(right));
        if (leftNumber != rightNumber) return leftNumber ? -1 : 1;
        return leftNumber && left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);
    }

    private static bool IsNumber(ReadOnlySpan<byte> id) => id.Length > 0 && !id.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (id[0] != (byte)'0' || id.Length == 1);
}
