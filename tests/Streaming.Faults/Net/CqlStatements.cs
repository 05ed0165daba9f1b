using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Streaming.Faults.Net;

/// <summary>Which statement a prepared id stands for, learned from what passes by.</summary>
internal sealed class CqlStatements
{
    private const int Prepared = 4;
    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>The statement; empty where it is not known.</summary>
    public string TextOf(ReadOnlySpan<byte> id) => _texts.GetValueOrDefault(Convert.ToHexString(id), "");

    /// <summary>Learns from the reply to a request to prepare.</summary>
    public void Learn(string text, CqlFrame reply)
    {
        var body = reply.Body;
        if (reply.OpCode != CqlFrame.Result || reply.HasExtras || BinaryPrimitives.ReadInt32BigEndian(body) != Prepared) return;
        _texts[Convert.ToHexString(body.Slice(6, BinaryPrimitives.ReadUInt16BigEndian(body[4..])))] = text;
    }
}
