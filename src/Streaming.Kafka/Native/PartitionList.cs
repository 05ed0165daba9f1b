using System.Buffers.Text;
using System.Globalization;
using Streaming.Core.Errors;

namespace Streaming.Kafka.Native;

/// <summary>A native list of topic partitions that is freed at the end of its scope.</summary>
internal readonly unsafe ref struct PartitionList(int capacity)
{
    private readonly RdTopicPartitionList* _list = Rd.ListNew(capacity);

    /// <summary>The list for a native call.</summary>
    public RdTopicPartitionList* Pointer => _list;

    /// <summary>Adds a partition with an offset.</summary>
    public void Add(string topic, int partition, long offset) => Rd.ListAdd(_list, topic, partition)->Offset = offset;

    /// <summary>Gives the entry added last a batch and its transaction as metadata: two numbers in decimal.</summary>
    public void Mark(nint client, long sequence, long transaction)
    {
        Span<byte> text = stackalloc byte[48];
        System.Text.Unicode.Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{sequence}/{transaction}", out var length);
        ref var entry = ref _list->Elements[_list->Count - 1];
        entry.Metadata = Rd.MemMalloc(client, (nuint)length); // freed with the list
        entry.MetadataSize = (nuint)length;
        text[..length].CopyTo(new Span<byte>(entry.Metadata, length));
    }

    /// <summary>The batch and the transaction that an entry carries, or -1 each.</summary>
    public (long Sequence, long Transaction) MarkAt(int index)
    {
        ref var entry = ref _list->Elements[index];
        var text = new ReadOnlySpan<byte>(entry.Metadata, (int)entry.MetadataSize);
        var slash = text.IndexOf((byte)'/');
        return slash > 0 && TryNumber(text[..slash], out var sequence) && TryNumber(text[(slash + 1)..], out var transaction) ? (sequence, transaction) : (-1, -1);
    }

    /// <summary>Offset of an entry, -1 where none is known (OFFSET_INVALID = -1001).</summary>
    public long OffsetAt(int index)
    {
        ref var entry = ref _list->Elements[index];
        if (entry.Err != RdError.None)
            throw new BrokerUnavailableException($"offset of {Utf8.ToString(entry.Topic)} [{entry.Partition}]: {RdError.Name(entry.Err)}: {RdError.Text(entry.Err)}");
        return entry.Offset < 0 ? -1 : entry.Offset;
    }

    /// <summary>First error of any entry, or 0.</summary>
    public int FirstError()
    {
        for (var i = 0; i < _list->Count; i++)
            if (_list->Elements[i].Err != RdError.None) return _list->Elements[i].Err;
        return RdError.None;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number) => Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;

    /// <summary>Frees the list.</summary>
    public void Dispose() => Rd.ListDestroy(_list);
}
