using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Streaming.Core.Errors;
using Streaming.Core.Shard;
using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>
/// Reads one partition from its own librdkafka queue straight into <see cref="RecordBatch"/>es: nothing is allocated a record and no thread waits; the queue
/// signals when it stops being empty. One read at a time.
/// </summary>
internal sealed unsafe class PartitionReader : IDisposable
{
    private const int ChunkRecords = 512, FirstChunkRecords = 32, LogAppendTime = 2, BlindFactor = 6, MostBlindMs = 60_000;
    private readonly ConsumerClient _client;
    private readonly bool _appendTimeKnown;
    private readonly SemaphoreSlim _signal;
    private readonly GCHandle _signalHandle;
    private readonly nint _queue;
    private readonly Lock _closing = new();
    private byte[] _headers = new byte[256];
    private Exception? _pending;
    private long _position = -1, _end = -1;
    private long _emptySince = long.MaxValue, _emptied, _askAtMs;
    private volatile int _unanswered;
    private bool _assigned, _disposed;

    /// <param name="client">The consumer that fetches.</param>
    /// <param name="topic">Topic name.</param>
    /// <param name="partition">Partition number.</param>
    /// <param name="appendTimeKnown">False for the in-process cluster, whose append time is a constant.</param>
    /// <param name="signal">Released when records arrive; shared by readers that are waited for together.</param>
    public PartitionReader(ConsumerClient client, string topic, int partition, bool appendTimeKnown, SemaphoreSlim signal)
    {
        (_client, Topic, Partition, _appendTimeKnown, _signal) = (client, topic, partition, appendTimeKnown, signal);
        _queue = Rd.QueueGetPartition(client.Handle, topic, partition);
        // Before the partition is assigned: from then on it keeps its own queue, and not one record reaches the consumer's common one.
        Rd.QueueForward(_queue, 0);
        _signalHandle = GCHandle.Alloc(signal);
        Rd.QueueEventEnable(_queue, &OnRecords, GCHandle.ToIntPtr(_signalHandle));
        KafkaMetrics.Track(this);
        client.Watch(this);
    }

    /// <summary>Topic name.</summary>
    public string Topic { get; }

    /// <summary>Partition number.</summary>
    public int Partition { get; }

    /// <summary>Next offset to read; -1 before the first <see cref="Seek"/>.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Starts anew at an offset. Blocks for a round trip inside the process.</summary>
    public void Seek(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        lock (_closing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            SeekLocked(offset);
        }
    }

    /// <summary>
    /// Takes what is there, at most <paramref name="maxRecords"/>. True where the batch got records or the end was reached anew; false: nothing yet.
    /// Sets the batch's end mark either way.
    /// </summary>
    public bool TryRead(RecordBatch into, int maxRecords)
    {
        // A queue that is freed under a running read would take the process down.
        lock (_closing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return TryReadLocked(into, maxRecords);
        }
    }

    /// <summary>Offsets from the reader to the end of the partition as last fetched: what is still in open transactions counts, so that one left hanging shows.</summary>
    public long Lag()
    {
        var position = Position;
        long low, high;
        if (position < 0) return 0;
        lock (_closing) return !_disposed && Rd.GetWatermarks(_client.Handle, Topic, Partition, &low, &high) == RdError.None ? Math.Max(0, high - position) : 0;
    }

    /// <summary>
    /// True where somebody has asked for a while in vain, so that the broker should be asked whether there is something: soon where the client has seen records behind it, more rarely where it has seen none,
    /// for it may not even fetch.
    /// </summary>
    /// <param name="nowMs">Ticks, ms.</param>
    /// <param name="afterMs">How long it must have given nothing, ms.</param>
    /// <param name="isTroubled">The client lost a connection not long ago: it is asked as soon as where records were seen.</param>
    public bool MustAsk(long nowMs, int afterMs, bool isTroubled)
    {
        var since = Volatile.Read(ref _emptySince);
        if (!_appendTimeKnown || since == long.MaxValue || nowMs - since < afterMs || nowMs < _askAtMs) return false;
        var wait = Lag() == 0 && !isTroubled ? Math.Min((long)afterMs * BlindFactor, Math.Max(afterMs, MostBlindMs)) : afterMs;
        if (nowMs - since < wait) return false;
        _askAtMs = nowMs + wait;
        return true;
    }

    /// <summary>How often in a row the broker was asked in vain whether there is something; records end the row as an answer does.</summary>
    public int Unanswered
    {
        get => _unanswered;
        set => _unanswered = value;
    }

    /// <summary>The broker gave no answer: it is asked again at a time.</summary>
    /// <param name="atMs">Ticks, ms.</param>
    public void AskAgain(long atMs) => _askAtMs = atMs;

    /// <summary>Where it stands, and how often it was found empty since it came there; -1: it was not.</summary>
    public (long Position, long Emptied) Standing() => (Position, Volatile.Read(ref _emptySince) == long.MaxValue ? -1 : Volatile.Read(ref _emptied));

    /// <summary>Gives the partition and its queue back.</summary>
    public void Dispose()
    {
        lock (_closing)
        {
            if (_disposed) return;
            _disposed = true;
        }

        KafkaMetrics.Untrack(this);
        _client.Unwatch(this);
        try
        {
            if (_assigned) _client.Unassign(Topic, Partition);
        }
        finally
        {
            Rd.QueueEventEnable(_queue, null, 0);
            Rd.QueueDestroy(_queue);
            _signalHandle.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRecords(nint client, nint opaque)
    {
        // Runs under the queue's lock on a thread of librdkafka: a waiter goes on elsewhere (SemaphoreSlim completes waiters on the pool).
        var signal = (SemaphoreSlim)GCHandle.FromIntPtr(opaque).Target!;
        if (signal.CurrentCount == 0) signal.Release();
    }

    private void SeekLocked(long offset)
    {
        if (_assigned)
        {
            _client.Unassign(Topic, Partition);
            _assigned = false;
        }

        (_pending, _end) = (null, -1);
        Volatile.Write(ref _emptySince, long.MaxValue);
        Volatile.Write(ref _position, offset);
        _client.Assign(Topic, Partition, offset);
        _assigned = true;
    }

    private bool TryReadLocked(RecordBatch into, int maxRecords)
    {
        if (into.NextOffset != _position || !_assigned)
            throw new InvalidOperationException($"{Topic} [{Partition}]: the batch stands at {into.NextOffset}, the reader at {_position}; seek first.");
        var (before, endBefore, bytesBefore) = (into.Count, _end, into.BytesUsed);
        ThrowPending();
        var positionBefore = _position;
        var drained = Drain(into, maxRecords);
        var records = into.Count - before;
        if (_position != positionBefore || _pending is not null)
        {
            Volatile.Write(ref _emptySince, long.MaxValue);
            _unanswered = 0;
        }
        else if (drained)
        {
            Volatile.Write(ref _emptied, _emptied + 1);
            if (_emptySince == long.MaxValue) Volatile.Write(ref _emptySince, Environment.TickCount64);
        }
        if (records > 0) KafkaMetrics.Consumed(Topic, records, into.BytesUsed - bytesBefore);
        else ThrowPending();
        into.NextOffset = _position;
        into.AtEnd = drained && _pending is null && _end == _position;
        into.Behind = into.AtEnd ? 0 : Lag();
        return records > 0 || _end != endBefore;
    }

    private bool Drain(RecordBatch into, int maxRecords)
    {
        var messages = stackalloc RdMessage*[ChunkRecords];
        while (into.Count < maxRecords && into.HasRoom && _pending is null)
        {
            var want = Math.Min(Chunk(into), maxRecords - into.Count);
            var got = (int)Rd.ConsumeBatch(_queue, 0, messages, (nuint)want);
            if (got < 0) throw ErrorMapper.OfRead(Topic, Partition, _position, Rd.LastError(), "batch consume");
            for (var i = 0; i < got; i++)
            {
                if (_pending is null) Take(messages[i], into);
                Rd.MessageDestroy(messages[i]);
            }

            if (got < want) return true;
        }

        return false;
    }

    // Taking a chunk from the queue cannot be undone, so it is as large as records of the size seen so far allow.
    private static int Chunk(RecordBatch into)
    {
        if (into.Count == 0) return FirstChunkRecords;
        var average = Math.Max(1, into.BytesUsed / into.Count);
        return Math.Clamp((into.MaxBytes - into.BytesUsed) / average, 1, ChunkRecords);
    }

    private void Take(RdMessage* message, RecordBatch into)
    {
        if (message->Err == RdError.PartitionEof)
        {
            Volatile.Write(ref _position, Math.Max(_position, message->Offset));
            Volatile.Write(ref _end, message->Offset);
            return;
        }

        if (message->Err != RdError.None)
        {
            // Records before the error are handed out first; the error is thrown by the read that starts at it.
            _pending = ErrorMapper.OfRead(Topic, Partition, _position, message->Err,
                message->Payload is null ? RdError.Text(message->Err) : System.Text.Encoding.UTF8.GetString(message->Payload, (int)message->Length));
            return;
        }

        if (message->Offset < _position)
        {
            _pending = new InvalidOperationException($"{Topic} [{Partition}]: offset {message->Offset} came after {_position}.");
            return;
        }

        int type;
        var timestamp = Rd.MessageTimestamp(message, &type);
        into.Add(message->Offset, timestamp, _appendTimeKnown && type == LogAppendTime,
            new ReadOnlySpan<byte>(message->Key, (int)message->KeyLength), message->Key is null,
            new ReadOnlySpan<byte>(message->Payload, (int)message->Length), message->Payload is null,
            RecordHeaders.Encode(message, ref _headers));
        Volatile.Write(ref _position, message->Offset + 1);
    }

    private void ThrowPending()
    {
        if (_pending is not { } error) return;
        // The client goes on by itself after a passing error; after any other the reader stays where it is until someone seeks.
        if (error is BrokerUnavailableException) _pending = null;
        throw error;
    }
}
