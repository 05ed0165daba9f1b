using Streaming.Core.Decode;
using Streaming.Core.Emit;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>Begins the side replays of parked users: from R with the rows that can be read, or from the beginning of the log with none.</summary>
internal sealed class SideReplays(ShardServices services, IShardBroker broker, IShardStore store, OutputWriter writer)
{
    private readonly IEventDecoder _decoder = services.Decoder();
    private readonly UserLoader _loader = new(store, services.Items);

    /// <summary>Begins to read rows again, and R: while their users are parked neither moves.</summary>
    public ParkedRows Read(HashSet<UserKey> keys, StoreWait wait, CancellationToken cancellation) => new([.. keys], wait.StartAsync(async () =>
    {
        var rows = await store.ReadUsersAsync([.. keys.Select(k => k.Bytes)], cancellation).ConfigureAwait(false);
        return (rows, await store.ReadShardAsync(cancellation).ConfigureAwait(false));
    }));

    /// <summary>Takes rows that were read again, and notes why they are unreadable where they are.</summary>
    /// <returns>A replay of those who can be read, and of lost users that were erased; null where there are none.</returns>
    /// <exception cref="StoreUnavailableException">They, R or a table could not be read.</exception>
    public async ValueTask<SideReplay?> FromDurableAsync(ShardMemory shard, ParkedRows read, CancellationToken cancellation)
    {
        var (rows, shardRow) = await read.Reading.ConfigureAwait(false);
        var memory = new ShardMemory(services.Items, services.Fold.Dimensions, services.Shard) { RowTimes = shard.RowTimes, KeepsChecks = services.Churn.HoldsAlerts };
        _loader.Take(memory, read.Users, rows);
        var keys = read.Users.ToHashSet();
        var awaitingErase = new HashSet<UserKey>();
        foreach (var (key, cause, _) in _loader.Unreadable)
        {
            var parked = shard.Parked[key];
            parked.Unreadable(cause, services.Shard.MaxStaleReads);
            if (parked.Cause == ParkCause.Lost) parked.TriedAt = services.Time.GetTimestamp();
            if (parked is { Cause: ParkCause.Lost, IsErased: true }) awaitingErase.Add(key);
            else keys.Remove(key);
        }

        if (keys.Count == 0) return null;
        var controlOffset = await RestoreAsync(shard, memory, shardRow, cancellation).ConfigureAwait(false);
        return Begin(shard, memory, keys, awaitingErase, controlOffset, isRebuild: false);
    }

    /// <summary>A replay from the shard's first batch on that reads no row; null where the log no longer reaches back.</summary>
    public async ValueTask<SideReplay?> FromBeginningAsync(ShardMemory shard, HashSet<UserKey> keys, CancellationToken cancellation)
    {
        if (await LogBeginning.FindAsync(broker, services.Shard.MaxBatchRecords, cancellation).ConfigureAwait(false) is not { } beginning) return null;
        var memory = new ShardMemory(services.Items, services.Fold.Dimensions, services.Shard) { Position = beginning.Position };
        return Begin(shard, memory, keys, [], beginning.ControlOffset, isRebuild: true);
    }

    private async ValueTask<long> RestoreAsync(ShardMemory shard, ShardMemory memory, StoredRow row, CancellationToken cancellation)
    {
        var content = row.Blob is null ? null : ShardRowCodec.Decode(row.Blob);
        if (content is null)
        {
            var beginning = await LogBeginning.FindAsync(broker, services.Shard.MaxBatchRecords, cancellation).ConfigureAwait(false)
                ?? throw new LogTruncatedException($"partition {broker.Partition}: the store holds no row of this shard any more, and the log does not reach back to its first batch");
            memory.Position = beginning.Position;
            return beginning.ControlOffset;
        }

        content.RestoreInto(memory, await new RowTables(new KnownTables(shard, services.VectorTables), broker, services.Shard.MaxBatchRecords).LoadAsync(content, cancellation).ConfigureAwait(false));
        return content.ControlOffset;
    }

    private SideReplay Begin(ShardMemory shard, ShardMemory memory, HashSet<UserKey> keys, HashSet<UserKey> awaitingErase, long controlOffset, bool isRebuild)
    {
        var outputs = new ParkedOutputs(buffer => new BatchOutputs(writer, buffer, broker.Partition, services.Partitions, () => memory.State.StreamTimeMs));
        return new SideReplay(services, broker, _decoder, new KnownTables(shard, services.VectorTables), memory, outputs, keys, awaitingErase, controlOffset) { IsRebuild = isRebuild };
    }
}
