using Streaming.Core.Errors;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>
/// Stage Snapshot: rows are serialised at a batch boundary by Work, written only after that batch is committed, and R moves with them. One flush is under way at a time; while the
/// store refuses it, it is tried again and later changes stay dirty in memory.
/// </summary>
internal sealed class Flusher(IShardStore store, StoreMark mark, ItemDictionary items, ShardOptions options, TimeProvider time) : IAsyncDisposable
{
    private const int FarRows = 4, NearRows = 2;
    private readonly UserRowCodec _codec = new(items);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Lock _moving = new();
    // One flush is under way at a time, so that what it is made of is used again by the next.
    private readonly RowWriter _rows = new(16 * 1024);
    private readonly List<FlushRow> _places = [];
    private readonly List<DueEntry> _upserts = [];
    private readonly List<DueEntry> _deletes = [];
    private readonly RowWriter _openRow = new(1024);
    private RowWriter _nextRow = new(1024), _lastRow = new(1024);
    private bool _isPending;
    private Task _writing = Task.CompletedTask;
    private long _number;
    private long _lastFlush;
    private long _durableNumber;
    private ShardOffsets _durable = ShardOffsets.None;
    private ReadOnlyMemory<byte> _durableRow;

    /// <summary>Number of the last flush that is durable.</summary>
    public long DurableNumber => Volatile.Read(ref _durableNumber);

    /// <summary>Durable low-water mark R.</summary>
    public ShardOffsets Durable { get { lock (_moving) return _durable; } }

    /// <summary>True while a flush is being written.</summary>
    public bool IsWriting => !_writing.IsCompleted;

    /// <summary>Why the last try failed; null after a success.</summary>
    public string? Failure { get; private set; }

    /// <summary>At take-over: what the store holds.</summary>
    public void Restart(ShardOffsets durable, byte[]? durableRow)
    {
        lock (_moving) _durable = durable;
        _durableRow = durableRow;
        _writing = Task.CompletedTask; // settled by the take-over; what it failed of is no longer so
        _isPending = false;
        _lastFlush = time.GetTimestamp();
    }

    /// <summary>True where it is time to flush and no flush is under way.</summary>
    public bool IsDue(ShardMemory memory) => !Volatile.Read(ref _isPending) && !IsWriting && (memory.Dirty.Count > 0 || memory.Leaving.Count > 0 || memory.Position != Durable) && time.GetElapsedTime(_lastFlush) >= options.FlushInterval;

    /// <summary>Serialises every dirty profile as of the batch just folded.</summary>
    public PendingFlush Serialise(ShardMemory memory)
    {
        _lastFlush = time.GetTimestamp();
        _isPending = true;
        // The flush before this one is durable: its buffers are free again.
        _rows.Truncate(0);
        _openRow.Truncate(0);
        _places.Clear();
        _upserts.Clear();
        _deletes.Clear();
        var number = ++_number;
        var writeTime = memory.WriteTime;
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.WriteTimeFromTheClock)) writeTime = time.GetUtcNow().ToUnixTimeMilliseconds();
#endif
        var dirty = memory.Dirty;
        for (var i = 0; i < dirty.Count; i++)
        {
            if (i + FarRows < dirty.Count) dirty[i + FarRows].ExpectFields();
            if (i + NearRows < dirty.Count) dirty[i + NearRows].ExpectRow();
            var user = dirty[i];
            user.AppliedEvents = memory.Position.Events;
            user.AppliedLinks = memory.Position.Links;
            user.AppliedSequence = memory.State.Sequence;
            user.StoredSessionBucket = Move(memory, user, DueKind.SessionEnd, user.IndexedSessionDueMs, user.StoredSessionBucket, writeTime);
            user.StoredChurnBucket = Move(memory, user, DueKind.ChurnCheck, user.IndexedChurnDueMs, user.StoredChurnBucket, writeTime);
            var start = _rows.Length;
            _codec.Encode(user, _rows);
#if SIMULATION_DEFECTS
            if (!user.IsErased || !Defects.Has(Defect.EraseWithoutTombstone))
#endif
            _places.Add(new FlushRow(user.Key.Bytes, start, _rows.Length - start));
            user.Dirty = false;
            user.FlushNumber = number;
            user.RowWriteTime = writeTime;
        }

        dirty.Clear();
        foreach (var user in memory.Leaving) Renew(user, number);
        memory.Leaving.Clear();
        // Events of a parked profile are in no row: R must stay where they can be replayed from.
        var moves = memory.Parked.Count == 0;
#if SIMULATION_DEFECTS
        moves |= Defects.Has(Defect.DurableMarkPastParked);
#endif
        if (moves) ShardRowCodec.EncodeOpen(memory, _openRow);
        return new PendingFlush(number, writeTime, _rows.Memory, _places, _upserts, _deletes, _openRow.Memory, memory.Position);
    }

    /// <summary>Starts to write a flush whose batch is committed.</summary>
    public void Start(PendingFlush flush, long controlOffset)
    {
        // Where R cannot move it is written anew with the later write time, so that a roll-back to before this flush is seen.
        var row = flush.MovesMark ? Close(flush.ShardRow, controlOffset) : _durableRow;
        var batch = new FlushBatch
        {
            WriteTime = flush.WriteTime,
            Bytes = flush.Bytes,
            Rows = flush.Rows,
            DueUpserts = flush.DueUpserts,
            DueDeletes = flush.DueDeletes,
            ShardRow = row,
        };
        _writing = WriteAsync(batch, flush, row);
        Volatile.Write(ref _isPending, false);
    }

    /// <summary>Waits for the flush under way.</summary>
    public Task CompletionAsync(CancellationToken cancellation) => _writing.WaitAsync(cancellation);

    /// <summary>Waits for the flush under way, whatever comes of it: a take-over reads what the store holds.</summary>
    public async Task SettleAsync(CancellationToken cancellation) => await _writing.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Ends the retries of a flush under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopped.Cancel(); // not CancelAsync: that would run the flush's end on a pool thread
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopped.Dispose();
    }

    private ReadOnlyMemory<byte> Close(ReadOnlyMemory<byte> open, long controlOffset)
    {
        _nextRow.Truncate(0); // the durable one is in the other
        ShardRowCodec.Close(open.Span, controlOffset, _nextRow);
        return _nextRow.Memory;
    }

    // Before a profile leaves memory its due entries say how new its row is (design rule 4.6). An entry that this flush writes anyway is written once more, with the same content.
    private void Renew(UserState user, long number)
    {
        if (user is { StoredSessionBucket: >= 0, IndexedSessionDueMs: not 0 }) _upserts.Add(new DueEntry(user.StoredSessionBucket, user.Key.Bytes, DueKind.SessionEnd, user.IndexedSessionDueMs, user.RowWriteTime));
        if (user is { StoredChurnBucket: >= 0, IndexedChurnDueMs: not 0 }) _upserts.Add(new DueEntry(user.StoredChurnBucket, user.Key.Bytes, DueKind.ChurnCheck, user.IndexedChurnDueMs, user.RowWriteTime));
        user.EntriesWriteTime = user.RowWriteTime;
        user.FlushNumber = number;
        user.IsLeaving = false;
    }

    private long Move(ShardMemory memory, UserState user, DueKind kind, long dueMs, long storedBucket, long writeTime)
    {
        var bucket = dueMs == 0 ? -1 : memory.Bucket(dueMs);
        // That the row says where its entry is proves nothing until this owner has written it: a flush of the owner before, of batches that were replayed here, may still come and remove the entry.
        var isInStore = user.RowWriteTime > memory.Doubtful.Through;
        if (bucket == storedBucket && (isInStore || bucket < 0)) return bucket;
        if (storedBucket >= 0 && storedBucket != bucket) _deletes.Add(new DueEntry(storedBucket, user.Key.Bytes, kind, 0, writeTime));
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.DueEntriesNotWritten)) return bucket;
#endif
        if (bucket >= 0) _upserts.Add(new DueEntry(bucket, user.Key.Bytes, kind, dueMs, writeTime));
        return bucket;
    }

    // Task.Delay would end on a pool thread where it is cancelled: the core has no threads of its own.
    private async Task PauseAsync(TimeSpan wait)
    {
        var over = new TaskCompletionSource();
        await using var timer = time.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over, wait, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        using var stopped = _stopped.Token.UnsafeRegister(static (over, token) => ((TaskCompletionSource)over!).TrySetCanceled(token), over);
        await over.Task.ConfigureAwait(false);
    }

    private async Task WriteAsync(FlushBatch batch, PendingFlush flush, ReadOnlyMemory<byte> row)
    {
        var started = time.GetTimestamp();
        var wait = options.FlushRetry;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await mark.CheckAsync(_stopped.Token).ConfigureAwait(false);
                await store.WriteAsync(batch, _stopped.Token).ConfigureAwait(false);
                break;
            }
            catch (StoreUnavailableException e)
            {
                Failure = e.Message;
#if SIMULATION_DEFECTS
                if (Defects.Has(Defect.FailedFlushTakenForDurable))
                {
                    row = default; // what it believes in is not raised: a store that lags behind it would be taken for one that was rolled back, and restored from
                    break;
                }
#endif
                ShardMetrics.FlushFailures.Add(1);
                await PauseAsync(wait).ConfigureAwait(false);
                if (attempt < 6) wait *= 2;
            }
        }

        Failure = null;
        if (!row.IsEmpty) mark.Raise(batch.WriteTime);
        else if (flush.Rows.Count > 0) mark.Witness(flush.Rows[0].Key, flush.WriteTime);
        if (flush.MovesMark)
        {
            lock (_moving) _durable = flush.Position;
            _durableRow = row;
            (_nextRow, _lastRow) = (_lastRow, _nextRow);
        }

        Volatile.Write(ref _durableNumber, flush.Number);
        ShardMetrics.RowsFlushed.Add(flush.Rows.Count);
        ShardMetrics.FlushSeconds.Record(time.GetElapsedTime(started).TotalSeconds);
    }
}

/// <summary>A flush serialised by Work, waiting for its batch to be committed.</summary>
internal sealed record PendingFlush(long Number, long WriteTime, ReadOnlyMemory<byte> Bytes, IReadOnlyList<FlushRow> Rows,
    IReadOnlyList<DueEntry> DueUpserts, IReadOnlyList<DueEntry> DueDeletes, ReadOnlyMemory<byte> ShardRow, ShardOffsets Position)
{
    /// <summary>False where R must stay: a profile is parked, and its events are in no row.</summary>
    public bool MovesMark => !ShardRow.IsEmpty;
}
