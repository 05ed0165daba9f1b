using System.Collections.Concurrent;

namespace Streaming.Pipeline.Shards;

/// <summary>Keeps the entries of the node's shards and the tasks of their drivers, dying ones included.</summary>
internal sealed class ShardRegistry : IShardRegistry
{
    private readonly ConcurrentDictionary<int, (ShardEntry Entry, Task Run)> _shards = new();

    public IReadOnlyList<LocalShard> Shards =>
        [.. _shards.Values.Select(s => s.Entry.Read()).Where(s => s.Phase != ShardPhases.Stopped).OrderBy(s => s.Partition)];

    public LocalShard? Find(int partition) =>
        _shards.TryGetValue(partition, out var shard) && shard.Entry.Read() is var read && read.Phase != ShardPhases.Stopped ? read : null;

    /// <summary>Enters a shard whose driver is about to start.</summary>
    /// <param name="entry">The new entry.</param>
    /// <param name="start">Starts the driver; it gets the run of the partition's former driver here, which it should let end first.</param>
    /// <returns>The driver's run.</returns>
    public Task Enter(ShardEntry entry, Func<Task, Task> start)
    {
        var former = _shards.TryGetValue(entry.Partition, out var shard) ? shard.Run : Task.CompletedTask;
        var run = start(former);
        _shards[entry.Partition] = (entry, run);
        return run;
    }

    /// <summary>Ends when no driver runs, dying ones included.</summary>
    public Task QuietAsync() => Task.WhenAll(_shards.Values.Select(s => s.Run));
}
