using System.Buffers.Binary;

namespace Streaming.Core.Events;

/// <summary>
/// 64-bit hash of short byte strings (ids), stable across machines and versions because it is persisted (duplicate window, session ids).
/// Multiply-fold of eight bytes at a time, after wyhash (public domain, Wang Yi).
/// </summary>
public static class Hash64
{
    private const ulong P0 = 0xa0761d6478bd642f, P1 = 0xe7037ed1a0b428db, P2 = 0x8ebc6af09c88c6e3;

    /// <summary>Hash of the bytes; never 0, so that 0 can mean "none".</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var h = seed ^ P0 ^ ((ulong)bytes.Length * P2);
        while (bytes.Length >= 8)
        {
            h = Fold(h ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), P1);
            bytes = bytes[8..];
        }

        ulong tail = 0;
        for (var i = 0; i < bytes.Length; i++) tail |= (ulong)bytes[i] << (8 * i);
        h = Fold(h ^ tail, P2);
        h = Fold(h ^ P1, P0);
        return h == 0 ? 1 : h;
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
