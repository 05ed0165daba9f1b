using Streaming.Core.Shard;

namespace Streaming.Pipeline.Shards;

/// <summary>What the driver of a shard publishes about it.</summary>
internal sealed class ShardEntry(int partition)
{
    private volatile string _phase = ShardPhases.New;
    private volatile IUserShard? _shard;
    private volatile string? _error;
    private volatile int _failures;

    public int Partition => partition;
    public string Phase { get => _phase; set => _phase = value; }
    public IUserShard? Shard { get => _shard; set => _shard = value; }
    public string? Error { get => _error; set => _error = value; }
    public int Failures { get => _failures; set => _failures = value; }

    public LocalShard Read()
    {
        var status = _shard?.Status;
        var phase = _phase;
        // While the shard acts it knows better ("replaying"); while it waits only the driver knows why.
        if (status is not null && phase is ShardPhases.TakingOver or ShardPhases.Running) phase = status?.Phase ?? phase;
        return new LocalShard(partition, phase, status, _error ?? status?.Error, _failures);
    }
}
