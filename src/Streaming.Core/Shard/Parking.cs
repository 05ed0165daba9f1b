using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Emit;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>
/// Profiles whose row cannot be read are held back, never taken for new ones (design rule 4.6). The fact <c>park</c> says from where; R stays below it. Once the store answers again, a side replay from R
/// applies what was held back, exactly as a restore would, and the fact <c>unpark</c> goes out with the outputs that were owed.
/// </summary>
internal sealed class Parking(ShardServices services, IShardBroker broker, IShardStore store, UserLoader loader, OutputWriter writer)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private readonly IEventDecoder _decoder = services.Decoder();
    private long _lastTry;
    private IReadOnlyList<(UserKey Key, OutputBuffer Owed)> _owed = [];

    /// <summary>After a take-over.</summary>
    public void Restart(Restored restored)
    {
        _owed = restored.Owed;
        _lastTry = services.Time.GetTimestamp();
    }

    /// <summary>True where someone is parked and it is time for another try.</summary>
    public bool WantsUnpark(ShardMemory memory) => memory.Parked.Count > 0 && services.Time.GetElapsedTime(_lastTry) >= RetryInterval;

    /// <summary>Holds back keys that could not be read.</summary>
    public void Park(ShardMemory memory, ShardBatch batch, List<(UserKey Key, EngineException Error)> unreadable)
    {
        foreach (var (key, error) in unreadable)
        {
            if (!memory.Parked.TryAdd(key, memory.Position.Events)) continue;
            if (memory.Parked.Count > services.Shard.MaxParkedUsers) throw new StoreUnavailableException($"more than {services.Shard.MaxParkedUsers} profiles cannot be read", error);
            batch.Facts.Add(new ControlFact { Type = FactTypes.Park, Before = memory.Position.Events, User = Encoding.UTF8.GetString(key.Bytes) });
            ShardMetrics.UsersParked.Add(1);
        }
    }

    /// <summary>Emits what is owed after a take-over, and tries parked users again.</summary>
    public async ValueTask TryUnparkAsync(ShardMemory memory, Ingest ingest, ShardBatch batch, CancellationToken cancellation)
    {
        Settle(_owed, batch, memory.Position.Events);
        _owed = [];
        if (!WantsUnpark(memory)) return;
        var committed = memory.Position;
        _lastTry = services.Time.GetTimestamp();
        await ingest.AsideAsync(() => ReplayAsync(memory, committed, batch, cancellation), cancellation).ConfigureAwait(false);
    }

    private async ValueTask ReplayAsync(ShardMemory memory, ShardOffsets committed, ShardBatch batch, CancellationToken cancellation)
    {
        var keys = memory.Parked.Keys.ToHashSet();
        ShardMemory side;
        ParkedOutputs outputs;
        try
        {
            var row = await store.ReadShardAsync(cancellation).ConfigureAwait(false);
            if (row.Blob is null) return;
            var content = ShardRowCodec.Decode(row.Blob);
            side = new ShardMemory(services.Items, services.Fold.Dimensions, services.Shard);
            var tables = new List<VectorTableVersion>();
            foreach (var (sha256, isBase) in content.Tables) tables.Add(await services.VectorTables.LoadAsync(sha256, isBase, cancellation).ConfigureAwait(false));
            content.RestoreInto(side, tables);
            outputs = new ParkedOutputs(buffer => new BatchOutputs(writer, buffer, broker.Partition, services.Partitions, () => side.State.StreamTimeMs));
            await loader.LoadAsync(side, keys, cancellation).ConfigureAwait(false);
            keys.ExceptWith(loader.Unreadable.Select(u => u.Key));
            if (keys.Count == 0) return;
            var control = await broker.ReadBoundsAsync(SourceTopic.Control, cancellation).ConfigureAwait(false);
            var replay = new Replay(broker, _decoder, loader, services.VectorTables, side, outputs, services.Shard.MaxBatchRecords) { Only = keys };
            await replay.RunAsync(content.ControlOffset, control.StableEnd, committed, cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            return; // still away: counted by the loader, tried again after the interval
        }

        TakeOver(memory, side, keys);
        Settle([.. outputs.Owing.Where(o => keys.Contains(o.Key))], batch, memory.Position.Events);
    }

    private static void TakeOver(ShardMemory memory, ShardMemory side, HashSet<UserKey> keys)
    {
        foreach (var key in keys)
        {
            memory.Parked.Remove(key);
            if (side.Users.Find(key) is not { } user) continue;
            memory.Accept(user);
            user.Dirty = false;
            memory.Touch(user);
        }
    }

    private static void Settle(IReadOnlyList<(UserKey Key, OutputBuffer Owed)> owed, ShardBatch batch, long before)
    {
        foreach (var (key, buffer) in owed)
        {
            buffer.CopyTo(batch.Outputs);
            batch.Facts.Add(new ControlFact { Type = FactTypes.Unpark, Before = before, User = Encoding.UTF8.GetString(key.Bytes) });
        }
    }
}
