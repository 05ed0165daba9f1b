namespace Streaming.Core.Shard;

/// <summary>Records of one partition in offset order, copied into one growing buffer that is reused batch after batch: no object a record.</summary>
public sealed class RecordBatch
{
    private byte[] _bytes = new byte[4 * 1024];
    private SourceRecord[] _records = new SourceRecord[64];

    /// <summary>Keys, values and headers of all records.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Bytes of <see cref="Bytes"/> in use.</summary>
    public int BytesUsed { get; private set; }

    /// <summary>Bytes after which readers add no more records: the last one may lie across.</summary>
    public int MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Bytes of a key and of a value that are kept of a record; the rest is cut. One that is cut is refused whatever follows, and no buffer grows with what a producer may have packed.</summary>
    public int MaxValueBytes { get; set; } = int.MaxValue;

    /// <summary>True where readers may add a record.</summary>
    public bool HasRoom => BytesUsed < MaxBytes;

    /// <summary>Number of records.</summary>
    public int Count { get; private set; }

    /// <summary>The records.</summary>
    public ReadOnlySpan<SourceRecord> Records => _records.AsSpan(0, Count);

    /// <summary>Offset the batch was read from.</summary>
    public long FromOffset { get; private set; }

    /// <summary>Offset to read next: after the last record, and after trailing transaction markers where the reader knows them.</summary>
    public long NextOffset { get; set; }

    /// <summary>True when nothing readable lay beyond <see cref="NextOffset"/> at the time of reading (no lag).</summary>
    public bool AtEnd { get; set; }

    /// <summary>Offsets from <see cref="NextOffset"/> to the end of the partition as last seen, records of open transactions among them; 0 at the end, and where nothing was seen yet.</summary>
    public long Behind { get; set; }

    /// <summary>Empties the batch for a read from an offset.</summary>
    public void Reset(long fromOffset)
    {
        Count = 0;
        BytesUsed = 0;
        FromOffset = fromOffset;
        NextOffset = fromOffset;
        AtEnd = false;
        Behind = 0;
    }

    /// <summary>What is kept of an event's value at most: more than any setting lets an event have, so that a cut one is always too large.</summary>
    public const int MaxEventValueBytes = (1024 * 1024) + 1;

    /// <summary>Copies one record in and moves <see cref="NextOffset"/> past it.</summary>
    public void Add(long offset, long timestampMs, bool isAppendTime, ReadOnlySpan<byte> key, bool keyIsNull,
        ReadOnlySpan<byte> value, bool valueIsNull, ReadOnlySpan<byte> headers = default)
    {
        var (fullKey, fullValue) = (key.Length, value.Length);
        if (value.Length > MaxValueBytes) value = value[..MaxValueBytes];
        if (key.Length > MaxValueBytes) key = key[..MaxValueBytes];
        var need = BytesUsed + key.Length + value.Length + headers.Length;
        if (need > _bytes.Length) Array.Resize(ref _bytes, Math.Max(need, checked(_bytes.Length * 2)));
        if (Count == _records.Length) Array.Resize(ref _records, Count * 2);
        ref var record = ref _records[Count++];
        record.Offset = offset;
        record.TimestampMs = timestampMs;
        record.IsAppendTime = isAppendTime;
        record.KeyStart = Append(key);
        record.KeyLength = keyIsNull ? -1 : key.Length;
        record.FullKeyLength = fullKey;
        record.ValueStart = Append(value);
        record.ValueLength = valueIsNull ? -1 : value.Length;
        record.FullValueLength = fullValue;
        record.HeadersStart = Append(headers);
        record.HeadersLength = headers.Length;
        NextOffset = offset + 1;
    }

    /// <summary>Key bytes of a record; empty where the key is null.</summary>
    public ReadOnlySpan<byte> Key(in SourceRecord record) => _bytes.AsSpan(record.KeyStart, Math.Max(0, record.KeyLength));

    /// <summary>Value bytes of a record; empty where the value is null.</summary>
    public ReadOnlySpan<byte> Value(in SourceRecord record) => _bytes.AsSpan(record.ValueStart, Math.Max(0, record.ValueLength));

    /// <summary>Encoded headers of a record.</summary>
    public ReadOnlySpan<byte> Headers(in SourceRecord record) => _bytes.AsSpan(record.HeadersStart, record.HeadersLength);

    private int Append(ReadOnlySpan<byte> source)
    {
        var start = BytesUsed;
        source.CopyTo(_bytes.AsSpan(start));
        BytesUsed += source.Length;
        return start;
    }
}
