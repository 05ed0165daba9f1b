using System.Buffers.Binary;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Items;

/// <summary>Reads what <see cref="IndexFrameWriter"/> wrote; anything else ends in <see cref="CorruptRowException"/>.</summary>
internal sealed class IndexFrameReader(Stream stream)
{
    /// <summary>A frame is flushed at 256 KiB, and no record is near as large as this.</summary>
    private const int MaxFrame = 16 * 1024 * 1024;
    private byte[] _frame = new byte[320 * 1024];

    /// <summary>The next frame, section byte included; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        Span<byte> head = stackalloc byte[8];
        Fill(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 1 or > MaxFrame) throw new CorruptRowException($"a frame of the saved item index has length {length}");
        if (_frame.Length < length) _frame = new byte[length];
        Fill(_frame.AsSpan(0, length));
        var frame = _frame.AsSpan(0, length);
        if (Crc32C.Of(frame) != BinaryPrimitives.ReadUInt32LittleEndian(head[4..])) throw new CorruptRowException("the saved item index has a bad checksum");
        return frame;
    }

    private void Fill(Span<byte> into)
    {
        if (stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) < into.Length) throw new CorruptRowException("the saved item index is cut off");
    }
}
