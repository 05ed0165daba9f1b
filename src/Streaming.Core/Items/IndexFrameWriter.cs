using System.Buffers.Binary;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Items;

/// <summary>Frames of a saved index: length and CRC-32C (little endian, 4 bytes each), then a section byte and whole records of that section.</summary>
internal sealed class IndexFrameWriter(Stream stream)
{
    private const int FlushAt = 256 * 1024;
    private IndexSection _section;

    /// <summary>The frame being filled.</summary>
    public RowWriter Row { get; } = new(FlushAt + (32 * 1024));

    /// <summary>Begins a section; what was being filled goes out.</summary>
    public void Begin(IndexSection section)
    {
        Flush();
        _section = section;
        Row.Byte((byte)section);
    }

    /// <summary>Ends a record; a full frame goes out.</summary>
    public void EndRecord()
    {
        if (Row.Length < FlushAt) return;
        Flush();
        Row.Byte((byte)_section);
    }

    /// <summary>Lets the last frame out.</summary>
    public void Flush()
    {
        if (Row.Length == 0) return;
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(head, Row.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Crc32C.Of(Row.Written));
        stream.Write(head);
        stream.Write(Row.Written);
        Row.Truncate(0);
    }
}
