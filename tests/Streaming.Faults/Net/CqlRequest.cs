using System.Buffers.Binary;
using System.Text;

namespace Streaming.Faults.Net;

/// <summary>A request as the proxy understands it.</summary>
/// <param name="OpCode">What it is.</param>
/// <param name="Text">Its statement, or the first of a batch; empty where it has none.</param>
/// <param name="Question">Equal for equal statements with equal values; null where that cannot be told.</param>
internal sealed record CqlRequest(byte OpCode, string Text, string? Question)
{
    /// <summary>Whether it changes rows of the engine's.</summary>
    public bool IsWrite => OpCode is CqlFrame.Execute or CqlFrame.Batch && !IsRead && Text.Length > 0;

    /// <summary>Whether it asks for rows of the engine's.</summary>
    public bool IsRead => OpCode == CqlFrame.Execute && Text.StartsWith("SELECT ", StringComparison.Ordinal);

    /// <summary>Whether several statements go together.</summary>
    public bool IsBatch => OpCode == CqlFrame.Batch;

    /// <summary>Whether it is about a table, whatever its keyspace.</summary>
    public bool IsOf(string table) => Text.Contains($".{table} ", StringComparison.Ordinal);

    /// <summary>Reads a frame of a client.</summary>
    public static CqlRequest Parse(CqlFrame frame, CqlStatements statements)
    {
        var body = frame.Body;
        return frame.OpCode switch
        {
            CqlFrame.Query or CqlFrame.Prepare => new CqlRequest(frame.OpCode, LongText(body), null),
            CqlFrame.Execute => Execute(frame.OpCode, body, statements),
            // Kind of the batch, number of statements, and for each: prepared or not.
            CqlFrame.Batch when body.Length > 6 => new CqlRequest(frame.OpCode, body[3] == 0 ? LongText(body[4..]) : statements.TextOf(ShortBytes(body[4..])), null),
            _ => new CqlRequest(frame.OpCode, "", null),
        };
    }

    private static CqlRequest Execute(byte opCode, ReadOnlySpan<byte> body, CqlStatements statements)
    {
        var id = ShortBytes(body);
        // Consistency, flags, and where flag 1 is set the values; what follows them differs each time (the client's clock).
        var rest = body[(2 + id.Length)..];
        if ((rest[2] & 0x01) == 0) return new CqlRequest(opCode, statements.TextOf(id), Convert.ToHexString(id));
        var values = rest[3..];
        var at = 2;
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(values); left > 0; left--) at += 4 + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(values[at..]));
        return new CqlRequest(opCode, statements.TextOf(id), Convert.ToHexString(id) + Convert.ToHexString(values[..at]));
    }

    private static string LongText(ReadOnlySpan<byte> from) => Encoding.UTF8.GetString(from.Slice(4, BinaryPrimitives.ReadInt32BigEndian(from)));

    private static ReadOnlySpan<byte> ShortBytes(ReadOnlySpan<byte> from) => from.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(from));
}
