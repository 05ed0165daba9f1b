using System.Buffers.Text;
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

    /// <summary>Gives the entry added last a number as its metadata, in decimal.</summary>
    public void Number(nint client, long number)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, text, out var length);
        ref var entry = ref _list->Elements[_list->Count - 1];
        entry.Metadata = Rd.MemMalloc(client, (nuint)length); // freed with the list
        entry.MetadataSize = (nuint)length;
        text[..length].CopyTo(new Span<byte>(entry.Metadata, length));
    }

    /// <summary>The number that an entry carries, or -1.</summary>
    public long NumberAt(int index)
    {
        ref var entry = ref _list->Elements[index];
        var text = new ReadOnlySpan<byte>(entry.Metadata, (int)entry.MetadataSize);
        return Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length ? number : -1;
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

    /// <summary>Frees the list.</summary>
    public void Dispose() => Rd.ListDestroy(_list);
}
