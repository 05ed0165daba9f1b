using System.Buffers.Binary;

namespace Streaming.Faults.Net;

/// <summary>One request or response of Kafka's protocol.</summary>
/// <param name="Bytes">All of it, its length in front.</param>
internal readonly record struct KafkaFrame(byte[] Bytes)
{
    /// <summary>Requests that the proxy knows.</summary>
    public const short InitProducerId = 22, EndTxn = 26;

    /// <summary>Least that a request holds, and a response.</summary>
    public const int RequestBytes = 8, ResponseBytes = 4;

    private const int LengthBytes = 4, MaxBytes = 64 * 1024 * 1024;

    /// <summary>Which request it is; requests alone say it.</summary>
    public short ApiKey => BinaryPrimitives.ReadInt16BigEndian(Bytes.AsSpan(LengthBytes));

    /// <summary>Version of the request; requests alone say it.</summary>
    public short ApiVersion => BinaryPrimitives.ReadInt16BigEndian(Bytes.AsSpan(LengthBytes + 2));

    /// <summary>By which a request finds its response.</summary>
    public int RequestCorrelation => BinaryPrimitives.ReadInt32BigEndian(Bytes.AsSpan(LengthBytes + 4));

    /// <summary>The same number in a response, where it comes first.</summary>
    public int ResponseCorrelation => BinaryPrimitives.ReadInt32BigEndian(Bytes.AsSpan(LengthBytes));

    /// <summary>The next frame of a connection.</summary>
    /// <param name="from">The connection.</param>
    /// <param name="least"><see cref="RequestBytes"/> or <see cref="ResponseBytes"/>.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="InvalidDataException">It is no frame.</exception>
    public static async Task<KafkaFrame> ReadAsync(Stream from, int least, CancellationToken cancellation)
    {
        var head = new byte[LengthBytes];
        await from.ReadExactlyAsync(head, cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(head);
        if (length < least || length > MaxBytes) throw new InvalidDataException($"a frame of {length} bytes");
        var bytes = new byte[LengthBytes + length];
        head.CopyTo(bytes, 0);
        await from.ReadExactlyAsync(bytes.AsMemory(LengthBytes), cancellation);
        return new KafkaFrame(bytes);
    }
}
