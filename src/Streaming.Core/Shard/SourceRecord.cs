namespace Streaming.Core.Shard;

/// <summary>Where one record lies inside a <see cref="RecordBatch"/>; all positions index <see cref="RecordBatch.Bytes"/>.</summary>
public struct SourceRecord
{
    /// <summary>Offset in its partition.</summary>
    public long Offset;
    /// <summary>The broker's timestamp in ms since 1970 (append time where the topic has LogAppendTime).</summary>
    public long TimestampMs;
    /// <summary>False where the topic has CreateTime, which the engine counts and warns of.</summary>
    public bool IsAppendTime;
    /// <summary>First byte of the key.</summary>
    public int KeyStart;
    /// <summary>Bytes of the key that are here; -1: null.</summary>
    public int KeyLength;
    /// <summary>Bytes that the key has in the log; see <see cref="FullValueLength"/>.</summary>
    public int FullKeyLength;
    /// <summary>First byte of the value.</summary>
    public int ValueStart;
    /// <summary>Bytes of the value that are here; -1: null.</summary>
    public int ValueLength;
    /// <summary>Bytes that the value has in the log: more than are here where the batch cut it (<see cref="RecordBatch.MaxValueBytes"/>).</summary>
    public int FullValueLength;
    /// <summary>First byte of the headers, encoded as [u16 name length][name][i32 value length, -1 = null][value]…, little endian.</summary>
    public int HeadersStart;
    /// <summary>Bytes of the headers; 0: none.</summary>
    public int HeadersLength;
}
