using Streaming.Core.Decode;

namespace Streaming.Core.Shard;

/// <summary>Stages Ingest and Decode: reads the shard's three inputs in step. A gate keeps a side replay, which moves the reading positions, apart from it.</summary>
internal sealed class Ingest(IShardBroker broker, IEventDecoder decoder, ShardOptions options)
{
    private readonly ReadGate _gate = new();
    private ShardOffsets _next;
    private long _controlEnd;

    /// <summary>Goes to the committed offsets. Requests that were in <c>control</c> before <paramref name="controlEnd"/> are read before any event.</summary>
    public async ValueTask StartAsync(ShardOffsets committed, long controlEnd, CancellationToken cancellation)
    {
        _next = committed;
        _controlEnd = controlEnd;
        await SeekAsync(cancellation).ConfigureAwait(false);
        _gate.Reopen();
    }

    /// <summary>Reads and decodes one batch.</summary>
    public async ValueTask ReadAsync(ShardBatch batch, CancellationToken cancellation)
    {
        await _gate.EnterAsync(cancellation).ConfigureAwait(false);
        try
        {
            await ReadControlAsync(batch, cancellation).ConfigureAwait(false);
            batch.Links.Reset(_next.Links);
            await broker.ReadAsync(SourceTopic.Links, batch.Links, options.MaxBatchRecords, TimeSpan.Zero, cancellation).ConfigureAwait(false);
            batch.Events.Reset(_next.Events);
            batch.Events.MaxBytes = options.MaxBatchBytes;
            batch.Events.MaxValueBytes = RecordBatch.MaxEventValueBytes;
            await broker.ReadAsync(SourceTopic.Events, batch.Events, options.MaxBatchRecords, options.PollWait, cancellation).ConfigureAwait(false);
            CrashPoint.HitWhere(batch.Events.Count > 0, "A1-polled");
            decoder.Decode(batch.Events, broker.Partition, batch.Decoded);
            _next = new ShardOffsets(batch.Events.NextOffset, batch.Links.NextOffset, batch.Control.NextOffset);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>
    /// Runs something that moves the reading positions, and moves them back. Where either fails, the positions are anywhere: the gate stays shut, and who waits at it waits until it is
    /// cancelled. Only a take-over goes on from there (<see cref="StartAsync"/>).
    /// </summary>
    public async ValueTask AsideAsync(Func<ValueTask> action, CancellationToken cancellation)
    {
        await _gate.EnterAsync(cancellation).ConfigureAwait(false);
        await action().ConfigureAwait(false);
        await SeekAsync(cancellation).ConfigureAwait(false);
        _gate.Leave();
    }

    private async ValueTask ReadControlAsync(ShardBatch batch, CancellationToken cancellation)
    {
        batch.Control.Reset(_next.Control);
        var wait = _next.Control < _controlEnd ? options.PollWait : TimeSpan.Zero;
        do
        {
            // The limit counts what is in the batch already: each gulp gets room of its own, or a full batch would never reach the end.
            await broker.ReadAsync(SourceTopic.Control, batch.Control, batch.Control.Count + options.MaxBatchRecords, wait, cancellation).ConfigureAwait(false);
        }
        while (batch.Control.NextOffset < _controlEnd && !batch.Control.AtEnd);

        foreach (ref readonly var record in batch.Control.Records)
        {
            if (ControlJson.ReadRequest(batch.Control.Value(record)) is { } request) batch.Requests.Add(request);
        }
    }

    private async ValueTask SeekAsync(CancellationToken cancellation)
    {
        await broker.SeekAsync(SourceTopic.Events, _next.Events, cancellation).ConfigureAwait(false);
        await broker.SeekAsync(SourceTopic.Links, _next.Links, cancellation).ConfigureAwait(false);
        await broker.SeekAsync(SourceTopic.Control, _next.Control, cancellation).ConfigureAwait(false);
    }
}
