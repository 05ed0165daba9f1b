using System.Buffers.Binary;
using System.Text;

namespace Streaming.Faults.Net;

/// <summary>A request that ends a transaction (versions 0 and 1, request header 1).</summary>
internal sealed record EndTxnRequest(string TransactionalId, long ProducerId, short Epoch, bool IsCommit)
{
    /// <summary>Reads a whole frame, its length in front.</summary>
    public static EndTxnRequest Parse(ReadOnlySpan<byte> frame)
    {
        if (BinaryPrimitives.ReadInt16BigEndian(frame[6..]) > 1) throw new IOException("EndTxn in a version that has another form");
        var at = 12; // length, key, version, correlation id
        Skip(frame, ref at);
        var id = Skip(frame, ref at);
        var producer = BinaryPrimitives.ReadInt64BigEndian(frame[at..]);
        var epoch = BinaryPrimitives.ReadInt16BigEndian(frame[(at + 8)..]);
        return new EndTxnRequest(id, producer, epoch, frame[at + 10] != 0);
    }

    private static string Skip(ReadOnlySpan<byte> frame, ref int at)
    {
        var length = BinaryPrimitives.ReadInt16BigEndian(frame[at..]);
        at += 2;
        if (length <= 0) return "";
        var text = Encoding.UTF8.GetString(frame.Slice(at, length));
        at += length;
        return text;
    }
}
