using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Simulation.Checks;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Store;

/// <summary>The snapshot store behind all nodes: cells by write time, blobs by name, away at times, rolled back now and then.</summary>
internal sealed class StoreModel(Scheduler scheduler, int partitions, Action<Checker, string> fail)
{
    private readonly ShardOffsets[] _written = [.. Enumerable.Repeat(ShardOffsets.None, partitions)];
    private ShardCells[] _shards = [.. Enumerable.Range(0, partitions).Select(_ => new ShardCells())];
    private Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private (ShardCells[] Shards, Dictionary<string, byte[]> Blobs)? _backup;

    /// <summary>Greatest write time that committed progress explains, by partition; a greater one is state ahead of C.</summary>
    public Func<int, long> WriteTimeLimit { get; set; } = _ => long.MaxValue;

    /// <summary>The parts that are away do not hear until then.</summary>
    public long DownUntilUs { get; set; }

    /// <summary>Parts that are away.</summary>
    public StoreParts DownParts { get; set; }

    /// <summary>The parts that are slow take longer until then.</summary>
    public long SlowUntilUs { get; set; }

    /// <summary>Parts that are slow.</summary>
    public StoreParts SlowParts { get; set; }

    /// <summary>How much longer they take.</summary>
    public long SlowUs { get; set; }

    /// <summary>Probability that a read meets a replica that missed the last write.</summary>
    public double StaleUserReads { get; set; }

    /// <summary>Probability that a read gives damaged bytes.</summary>
    public double CorruptUserReads { get; set; }

    /// <summary>The same for R.</summary>
    public double StaleShardReads { get; set; }

    /// <summary>Rows of users that were given although a newer one was there.</summary>
    public int StaleRows { get; set; }

    /// <summary>The same of R.</summary>
    public int StaleShardRows { get; set; }

    /// <summary>Rows that were given with damaged bytes.</summary>
    public int CorruptRows { get; set; }

    /// <summary>Counts roll-backs. A roll-back cuts connections: what was under way arrives nowhere.</summary>
    public int Generation { get; private set; }

    /// <summary>A backup is being put back: nothing hears until then.</summary>
    public long RestoringUntilUs { get; set; }

    public bool IsDown(Label label) => scheduler.NowUs < RestoringUntilUs || (scheduler.NowUs < DownUntilUs && (DownParts & label.Part()) != 0);

    public long SlowBy(Label label) => scheduler.NowUs < SlowUntilUs && (SlowParts & label.Part()) != 0 ? SlowUs : 0;

    public ShardCells Shard(int partition) => _shards[partition];

    public byte[]? Blob(string name) => _blobs.GetValueOrDefault(name);

    /// <summary>The furthest that any R of a shard ever said.</summary>
    public ShardOffsets Written(int partition) => _written[partition];

    public void PutBlob(string name, byte[] bytes) => _blobs[name] = bytes;

    /// <summary>True where there is a backup.</summary>
    public bool HasBackup => _backup is not null;

    /// <summary>Remembers rows and blobs as they are.</summary>
    public void BackUp() => _backup = ([.. _shards.Select(s => s.Copy())], new Dictionary<string, byte[]>(_blobs, StringComparer.Ordinal));

    /// <summary>Puts what was remembered back, as a restored backup or a lost commit log does. False where there is no backup.</summary>
    public bool RollBack()
    {
        RestoringUntilUs = 0;
        if (_backup is not { } backup) return false;
        Generation++;
        _shards = [.. backup.Shards.Select(s => s.Copy())];
        _blobs = new Dictionary<string, byte[]>(backup.Blobs, StringComparer.Ordinal);
        return true;
    }

    public void WriteUser(int partition, byte[] key, byte[] row, long writeTime)
    {
        CheckLimit(partition, writeTime, "a profile's row");
        if (_shards[partition].WriteUser(key, new Cell(writeTime, row, 0)) is not { } other) return;
        if (!UserRowCodec.Content(row).SequenceEqual(UserRowCodec.Content(other)))
            fail(Checker.OneContent, $"two rows of one profile have write time {writeTime} and say different things (partition {partition}, {System.Text.Encoding.UTF8.GetString(key)})");
    }

    public void WriteShard(int partition, byte[] row, long writeTime)
    {
        CheckLimit(partition, writeTime, "R");
        var position = ShardRowCodec.Decode(row).Position;
        _written[partition] = new ShardOffsets(Math.Max(_written[partition].Events, position.Events), Math.Max(_written[partition].Links, position.Links), Math.Max(_written[partition].Control, position.Control));
        _shards[partition].WriteShard(new Cell(writeTime, row, 0));
    }

    private void CheckLimit(int partition, long writeTime, string what)
    {
        var limit = WriteTimeLimit(partition);
        if (writeTime > limit) fail(Checker.AheadOfCommit, $"{what} of partition {partition} was written ahead of the committed offset: write time {writeTime}, committed progress makes {limit}");
    }
}
