namespace Streaming.Core.Decode;

/// <summary>
/// Normalisation Form C (Unicode Standard Annex 15) over code points, from tables of this program's own (<see cref="NfcData"/>): the engine runs without a globalisation
/// library, where <see cref="string.Normalize()"/> changes nothing, and a replay must give the same ids on every machine.
/// </summary>
public static class Nfc
{
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    private static readonly Dictionary<int, (int First, int Second)> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, byte> Classes = [];

    static Nfc()
    {
        ReadOnlySpan<byte> packed = Convert.FromBase64String(NfcData.Packed);
        var codePoint = 0;
        for (var left = Next(ref packed); left > 0; left--)
        {
            var step = Next(ref packed);
            codePoint += step >> 1;
            var zigzag = Next(ref packed);
            var pair = (codePoint + ((zigzag >> 1) ^ -(zigzag & 1)), Next(ref packed));
            Decompositions.Add(codePoint, pair);
            if ((step & 1) == 1) Compositions.Add(pair, codePoint);
        }

        codePoint = 0;
        for (var left = Next(ref packed); left > 0; left--)
        {
            codePoint += Next(ref packed);
            var length = Next(ref packed);
            for (var i = 0; i < length; i++) Classes.Add(codePoint + i, packed[0]);
            packed = packed[1..];
        }
    }

    /// <summary>Normalises code points in place.</summary>
    /// <param name="points">Room; at least four times <paramref name="count"/> (no canonical decomposition is longer).</param>
    /// <param name="count">Code points in front of the room.</param>
    /// <returns>Code points after normalisation.</returns>
    public static int Normalise(Span<int> points, int count)
    {
        var any = false;
        for (var i = 0; i < count && !any; i++) any = points[i] >= 0x300;
        // Everything below U+0300 is its own NFC, alone and in any order.
        if (!any) return count;
        // A copy, for decomposition grows over what is not read yet; ids like these are the rare case.
        var source = points[..count].ToArray();
        var length = 0;
        foreach (var point in source) Decompose(point, points, ref length);
        Reorder(points[..length]);
        return Compose(points[..length]);
    }

    private static void Decompose(int point, Span<int> into, ref int length)
    {
        var syllable = point - SBase;
        if ((uint)syllable < SCount)
        {
            into[length++] = LBase + (syllable / (VCount * TCount));
            into[length++] = VBase + (syllable % (VCount * TCount) / TCount);
            if (syllable % TCount != 0) into[length++] = TBase + (syllable % TCount);
            return;
        }

        if (!Decompositions.TryGetValue(point, out var pair))
        {
            into[length++] = point;
            return;
        }

        Decompose(pair.First, into, ref length);
        if (pair.Second != 0) Decompose(pair.Second, into, ref length);
    }

    private static void Reorder(Span<int> points)
    {
        for (var i = 1; i < points.Length; i++)
        {
            var point = points[i];
            var order = Class(point);
            if (order == 0) continue;
            var j = i;
            for (; j > 0 && Class(points[j - 1]) > order; j--) points[j] = points[j - 1];
            points[j] = point;
        }
    }

    private static int Compose(Span<int> points)
    {
        var starter = -1;
        var lastClass = -1;
        var length = 0;
        foreach (var point in points)
        {
            var order = Class(point);
            if (starter >= 0 && (lastClass < order || lastClass == -1) && TryCompose(points[starter], point, out var composed))
            {
                points[starter] = composed;
                continue;
            }

            if (order == 0)
            {
                starter = length;
                lastClass = -1;
            }
            else
            {
                lastClass = order;
            }

            points[length++] = point;
        }

        return length;
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        var l = first - LBase;
        var v = second - VBase;
        if ((uint)l < LCount && (uint)v < VCount)
        {
            composed = SBase + (((l * VCount) + v) * TCount);
            return true;
        }

        var s = first - SBase;
        var t = second - TBase;
        if ((uint)s < SCount && s % TCount == 0 && t is > 0 and < TCount)
        {
            composed = first + t;
            return true;
        }

        return Compositions.TryGetValue((first, second), out composed);
    }

    private static byte Class(int point) => point < 0x300 ? (byte)0 : Classes.GetValueOrDefault(point);

    private static int Next(ref ReadOnlySpan<byte> packed)
    {
        int value = 0, shift = 0;
        while (true)
        {
            var b = packed[0];
            packed = packed[1..];
            value |= (b & 0x7f) << shift;
            if (b < 0x80) return value;
            shift += 7;
        }
    }
}
