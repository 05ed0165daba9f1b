using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;

namespace Streaming.Core.Shard;

/// <summary>
/// The header that every record of a shard's transactions carries: the partition of the shard and a number of the transaction. Where a coordinator dropped markers, it tells whose a record is that was left open, and
/// by another record of the same transaction how it ended (docs/decisions/0020).
/// </summary>
public static class TransactionHeader
{
    /// <summary>Name of the header.</summary>
    public const string Name = "transaction";

    /// <summary>Bytes that a value has at most.</summary>
    public const int MaxBytes = 32;

    private static ReadOnlySpan<byte> NameBytes => "transaction"u8;

    /// <summary>Writes the value, as <c>partition/number</c> in decimal; answers its length.</summary>
    public static int Write(Span<byte> into, int shard, long transaction)
    {
        if (!Utf8.TryWrite(into, CultureInfo.InvariantCulture, $"{shard}/{transaction}", out var length)) throw new ArgumentException($"takes {MaxBytes} bytes", nameof(into));
        return length;
    }

    /// <summary>Reads it among the headers of a record, encoded as <see cref="SourceRecord.HeadersStart"/> says. False where there is none that can be read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> headers, out int shard, out long transaction)
    {
        while (EncodedHeaders.TryNext(ref headers, out var name, out var value, out _))
        {
            if (name.SequenceEqual(NameBytes) && TryParse(value, out shard, out transaction)) return true;
        }

        (shard, transaction) = (-1, -1);
        return false;
    }

    private static bool TryParse(ReadOnlySpan<byte> value, out int shard, out long transaction)
    {
        transaction = -1;
        return Utf8Parser.TryParse(value, out shard, out var used) && used < value.Length && value[used] == (byte)'/'
            && Utf8Parser.TryParse(value[(used + 1)..], out transaction, out var rest) && used + 1 + rest == value.Length && shard >= 0 && transaction >= 0;
    }
}
