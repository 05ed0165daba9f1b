using System.Runtime.InteropServices;
using System.Text;
using Streaming.Core.Shard;

namespace Streaming.Kafka.Native;

/// <summary>The arguments of a transaction's produce calls, kept in native memory from record to record: what differs is filled in. One call at a time.</summary>
internal sealed unsafe class ProduceCall : IDisposable
{
    private const int CopyPayload = 0x2, Count = 7, TopicAt = 0, PartitionAt = 1, ValueAt = 2, KeyAt = 3, OpaqueAt = 4, FlagsAt = 5, HeaderAt = 6;
    private readonly nint _client;
    private readonly RdValue* _values;
    private readonly byte* _header;

    public ProduceCall(nint client)
    {
        _client = client;
        _values = (RdValue*)NativeMemory.AllocZeroed(Count, (nuint)sizeof(RdValue));
        var name = Encoding.ASCII.GetBytes(TransactionHeader.Name + "\0");
        _header = (byte*)NativeMemory.Alloc((nuint)(name.Length + TransactionHeader.MaxBytes));
        name.CopyTo(new Span<byte>(_header, name.Length));
        (_values[TopicAt].Type, _values[PartitionAt].Type, _values[ValueAt].Type, _values[KeyAt].Type) = (RdValue.Topic, RdValue.AtPartition, RdValue.Value, RdValue.Key);
        (_values[OpaqueAt].Type, _values[FlagsAt].Type, _values[FlagsAt].Number) = (RdValue.Opaque, RdValue.Flags, CopyPayload);
        (_values[HeaderAt].Type, _values[HeaderAt].Pointer) = (RdValue.Header, (nint)_header);
        _values[HeaderAt].HeaderValue = _header + name.Length;
    }

    /// <summary>Sets the header of the records to come.</summary>
    public void Begin(int shard, long transaction) =>
        _values[HeaderAt].HeaderLength = TransactionHeader.Write(new Span<byte>(_values[HeaderAt].HeaderValue, TransactionHeader.MaxBytes), shard, transaction);

    /// <summary>Hands a record to the client, which copies it. A null key or value is none.</summary>
    public RdFailure? Produce(nint topic, int partition, byte* key, int keyLength, byte* value, int valueLength, nint opaque)
    {
        _values[TopicAt].Pointer = topic;
        _values[PartitionAt].Number = partition;
        (_values[ValueAt].Pointer, _values[ValueAt].Length) = ((nint)value, (nuint)valueLength);
        (_values[KeyAt].Pointer, _values[KeyAt].Length) = ((nint)key, (nuint)keyLength);
        _values[OpaqueAt].Pointer = opaque;
        return RdFailure.Take(Rd.ProduceVa(_client, _values, Count));
    }

    public void Dispose()
    {
        NativeMemory.Free(_values);
        NativeMemory.Free(_header);
    }
}
