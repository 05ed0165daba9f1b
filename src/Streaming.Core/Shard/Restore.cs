using Streaming.Core.Decode;
using Streaming.Core.Emit;
using Streaming.Core.Errors;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>Builds a shard's memory as of the end of its batch records, which is C (design rule 4.5): read R, check that everything from there on is readable, replay it silently.</summary>
internal sealed class Restore(ShardServices services, IShardBroker broker, IShardStore store, IEventDecoder decoder, UserLoader loader, OutputWriter writer, ChurnStage churn, StoreMark mark, EarlyTables tables, TakeOverSteps steps)
{
    /// <summary>Offsets before a batch record among which the tables of its transaction are looked for.</summary>
    private const int MaxRecordsBefore = 1_000;

    /// <summary>Restores as of C, which is where the batch records end.</summary>
    /// <param name="found">The group's committed offset.</param>
    /// <param name="controlBounds">Bounds of <c>control</c> that count; null: they are read here.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Null: batch records or outputs were missing and were written once more, so that the take-over must begin anew.</returns>
    public async ValueTask<Restored?> RunAsync(FoundOffsets found, PartitionBounds? controlBounds, CancellationToken cancellation)
    {
        var committed = found.Offsets;
        var events = await broker.ReadBoundsAsync(SourceTopic.Events, cancellation).ConfigureAwait(false);
        var links = await broker.ReadBoundsAsync(SourceTopic.Links, cancellation).ConfigureAwait(false);
        var control = controlBounds ?? await broker.ReadBoundsAsync(SourceTopic.Control, cancellation).ConfigureAwait(false);
        steps.Begin("row");
        var row = await store.ReadShardAsync(cancellation).ConfigureAwait(false);
        steps.Begin("tables");
        CrashPoint.Hit("A10-row-read");
        var memory = new ShardMemory(services.Items, services.Fold.Dimensions, services.Shard) { KeepsChecks = services.Churn.HoldsAlerts };
        mark.Restart(row.Blob is null ? 0 : row.WriteTime);
        var controlOffset = await StartAsync(memory, row, events, links, control, cancellation).ConfigureAwait(false);
        await tables.SettleAsync().ConfigureAwait(false);
        steps.Begin("replay");
        var durable = row.Blob is null ? ShardOffsets.None : memory.Position;
        // R may have been written anew without moving, while someone was parked: what counts is what it says.
        (memory.Doubtful.After, memory.Doubtful.Through) = (row.Blob is null ? 0 : Math.Min(row.WriteTime, memory.WriteTime), long.MaxValue);
        var durableRow = memory.State.Sequence == 0 ? null : row.Blob; // a refused one is not written again
        loader.StoreMayHoldRows = row.Blob is not null || committed.Events > 0 || found.IsHanging;

        var outputs = new ParkedOutputs(buffer => new BatchOutputs(writer, buffer, broker.Partition, services.Partitions, () => memory.State.StreamTimeMs));
        var dues = new DueLoader(store, mark);
        var repair = new OutputRepair();
        var replay = new Replay(broker, decoder, loader, services.VectorTables, memory, outputs, services.Shard.MaxBatchRecords)
        {
            Repair = repair,
            LoadDues = (untilMs, token) => dues.LoadUntilAsync(memory, untilMs, null, token),
            Touched = fold => Index(memory, fold),
            ControlOffset = Math.Max(control.LogStart, controlOffset - 1), // from R's own batch record, so that one which is missing shows
            MaxParked = services.Shard.MaxParkedUsers,
        };
#if SIMULATION_DEFECTS
        await replay.RunAsync(control.StableEnd, Defects.Has(Defect.ReplayOneBatchShort) || Defects.Has(Defect.BatchRecordsBeyondOffsetIgnored) ? committed : ShardOffsets.None, null, cancellation).ConfigureAwait(false);
#else
        await replay.RunAsync(control.StableEnd, ShardOffsets.None, null, cancellation).ConfigureAwait(false);
#endif
        steps.Begin("start");
        steps.Batches += replay.Batches;
        if (await TryWriteForgottenAsync(memory, replay, found.Group.Sequence, controlOffset > control.LogStart ? control.LogStart : null, cancellation).ConfigureAwait(false)) return null;
        if (await repair.TryRunAsync(broker, cancellation).ConfigureAwait(false)) return null;
        var position = memory.Position;
        if (found.Group.Sequence > memory.State.Sequence || committed.Events > position.Events || committed.Links > position.Links || committed.Control > position.Control)
        {
            throw new LogTruncatedException($"the group's committed offsets are {Text(committed)}, but the batch records of control end at {Text(position)}: "
                + "control lost records, or the offsets were moved by hand");
        }

        if (!found.IsHanging && committed.Events >= 0 && committed != position) ShardMetrics.OffsetsBehind.Add(1);
        TouchAhead(memory, row.Blob is null ? 0 : row.WriteTime);
        memory.Doubtful.Through = memory.WriteTime; // whatever is newer, this owner writes
        return new Restored(memory, dues, replay.ControlOffset, control.StableEnd, durable, durableRow, [.. outputs.Owing.Where(o => !memory.Parked.ContainsKey(o.Key))]);
    }

    // R vouches for its own batch, C for all up to the one whose sequence it carries.
    private ValueTask<bool> TryWriteForgottenAsync(ShardMemory memory, Replay replay, long committed, long? logStart, CancellationToken cancellation)
    {
#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.ForgottenBatchesIgnored)) return new(false);
#endif
        var state = memory.State.Sequence;
        if (logStart is { } start && state > 0 && !replay.HasAny)
            return ForgottenBatches.TryWriteAsync(broker, Math.Max(start, replay.ControlOffset - MaxRecordsBefore), state - 1, null, Math.Max(state, committed), cancellation);
        return committed > state ? ForgottenBatches.TryWriteAsync(broker, replay.ControlOffset, state, memory.Position, committed, cancellation) : new(false);
    }

    private async ValueTask<long> StartAsync(ShardMemory memory, StoredRow row, PartitionBounds events, PartitionBounds links, PartitionBounds control,
        CancellationToken cancellation)
    {
        if (row.Blob is null)
        {
            if (control.LogStart > 0 && await LogBeginning.FindAsync(broker, services.Shard.MaxBatchRecords, cancellation).ConfigureAwait(false) is null)
            {
                throw new LogTruncatedException($"partition {broker.Partition}: the store holds no row of this shard, and the topic control no longer reaches back to its first batch: "
                    + "restore a backup of the store, or start anew with other topics and another group");
            }

            memory.Position = new ShardOffsets(events.LogStart, links.LogStart, control.LogStart);
            return control.LogStart;
        }

        ShardRowContent content;
        try
        {
            content = ShardRowCodec.Decode(row.Blob);
        }
        catch (CorruptRowException)
        {
            ShardMetrics.CorruptRows.Add(1);
            if (await LogBeginning.FindAsync(broker, services.Shard.MaxBatchRecords, cancellation).ConfigureAwait(false) is not { } beginning) throw;
            memory.Position = beginning.Position;
            return beginning.ControlOffset;
        }

        Check("events", content.Position.Events, events);
        Check("links", content.Position.Links, links);
        Check("control", content.ControlOffset, control);
        content.RestoreInto(memory, await new RowTables(tables, broker, services.Shard.MaxBatchRecords).LoadAsync(content, cancellation).ConfigureAwait(false));
        return content.ControlOffset;
    }

    private void Check(string topic, long needed, PartitionBounds bounds)
    {
        if (needed < bounds.LogStart)
        {
            throw new LogTruncatedException($"partition {broker.Partition}: the store needs {topic} from offset {needed}, but the topic begins at {bounds.LogStart}: "
                + "retention removed records that were not durable yet");
        }

#if SIMULATION_DEFECTS
        if (Defects.Has(Defect.TopicCreatedAnewUnseen)) return;
#endif
        if (needed > bounds.StableEnd)
            throw new LogTruncatedException($"partition {broker.Partition}: the store stands at offset {needed} of {topic}, but the topic ends at {bounds.StableEnd}: it was created anew");
    }

    // A row that is newer than R was written by a flush that did not come to its end. R does not vouch for it: a store that goes back to where R is, and so unseen, loses it.
    private static void TouchAhead(ShardMemory memory, long durableWriteTime)
    {
        for (var i = 0; i < memory.Users.Capacity; i++)
        {
            if (memory.Users.At(i) is { } user && user.RowWriteTime > durableWriteTime) memory.Touch(user);
        }
    }

    private static string Text(ShardOffsets offsets) => $"{offsets.Events} of events, {offsets.Links} of links, {offsets.Control} of control";

    private void Index(ShardMemory memory, BatchFold fold)
    {
        foreach (var touched in fold.Touched) churn.IndexReplayed(memory, touched.User);
        foreach (var user in fold.TouchedByLinks) churn.IndexReplayed(memory, user);
    }
}
