using System.Buffers.Text;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard.Allocation;

/// <summary>A broker that makes its events up as they are read, takes every transaction and allocates nothing itself, so that what is measured is the shard.</summary>
/// <param name="users">Users, taking turns.</param>
/// <param name="items">Items.</param>
internal sealed class EndlessBroker(int users, int items) : StubShardBroker
{
    /// <summary>Events between two silences that end every session.</summary>
    public const int EventsBetweenSilences = 8_000;
    private const long Start = 1_700_000_000_000;
    private const long SilenceMs = 3_600_000;
    private readonly byte[] _value = new byte[512];
    private readonly byte[] _key = new byte[16];
    private readonly byte[] _control = new byte[64 * 1024];
    private readonly long[] _positions = new long[3];
    private int _controlLength;
    private long _controlEnd, _controlRecord = -1;
    private ulong _random = 88172645463325252;

    public override int Partition => 0;

    public override ValueTask ReadAsync(SourceTopic topic, RecordBatch into, int maxRecords, TimeSpan maxWait, CancellationToken cancellation)
    {
        ref var at = ref _positions[(int)topic];
        if (topic == SourceTopic.Events)
        {
            for (; into.Count < maxRecords; at++) AddEvent(into, at);
        }
        else if (topic == SourceTopic.Control)
        {
            if (_controlRecord >= at) into.Add(_controlRecord, Start, true, default, true, _control.AsSpan(0, _controlLength), false);
            at = into.NextOffset = _controlEnd;
        }

        into.AtEnd = topic != SourceTopic.Events;
        return default;
    }

    public override void Produce(OutputTopic topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (topic != OutputTopic.Control) return;
        value.CopyTo(_control);
        _controlLength = value.Length;
        _controlRecord = _controlEnd;
    }

    public override ValueTask<CommitReceipt> CommitAsync(CancellationToken cancellation)
    {
        _controlEnd += 2; // the record and its marker
        return new(new CommitReceipt(_controlRecord, Start));
    }

    public override ValueTask SeekAsync(SourceTopic topic, long offset, CancellationToken cancellation)
    {
        _positions[(int)topic] = offset;
        return default;
    }

    private void AddEvent(RecordBatch into, long offset)
    {
        var user = (int)(offset % users);
        var key = Number(_key, "u"u8, user);
        var length = Put(_value, 0, "{\"eventId\":\"e"u8);
        length = Put(_value, length, offset);
        length = Put(_value, length, "\",\"type\":\""u8);
        length = Put(_value, length, Type(Next() % 10));
        length = Put(_value, length, "\",\"userId\":\""u8);
        length = Put(_value, length, _key.AsSpan(0, key));
        length = Put(_value, length, "\",\"itemId\":\"i"u8);
        length = Put(_value, length, (long)(Next() % (ulong)items));
        length = Put(_value, length, "\",\"sessionId\":\"s"u8);
        length = Put(_value, length, user);
        length = Put(_value, length, "\",\"occurredAt\":"u8);
        var atMs = Start + (offset * 3) + (offset / EventsBetweenSilences * SilenceMs);
        length = Put(_value, length, atMs);
        length = Put(_value, length, "}"u8);
        into.Add(offset, atMs, true, _key.AsSpan(0, key), false, _value.AsSpan(0, length), false);
    }

    private ulong Next()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        return _random >> 8;
    }

    private static ReadOnlySpan<byte> Type(ulong i) => i switch { < 6 => "view"u8, < 8 => "click"u8, 8 => "add_to_cart"u8, _ => "purchase"u8 };

    private static int Number(byte[] into, ReadOnlySpan<byte> prefix, long number) => Put(into, Put(into, 0, prefix), number);

    private static int Put(byte[] into, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(into.AsSpan(at));
        return at + text.Length;
    }

    private static int Put(byte[] into, int at, long number)
    {
        Utf8Formatter.TryFormat(number, into.AsSpan(at), out var written);
        return at + written;
    }
}
