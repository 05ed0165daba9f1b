using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>Every shard of a topic from where it stands to the end, over a real broker and a store, without a cluster around it; timed from the first batch worked on to R = C = end.</summary>
internal sealed class ShardDrive(KafkaOptions kafka, ISnapshotStore store, ShardServices services) : IAsyncDisposable
{
    private readonly Stopwatch _clock = new();
    private readonly KafkaNode _node = new(kafka, services.Partitions, NullLogger<KafkaNode>.Instance);
    private readonly List<UserShard> _shards = [];
    private TimeSpan _processorBefore;

    /// <summary>From the first batch worked on to the end, s.</summary>
    public double Seconds { get; private set; }

    /// <summary>Events of the topic.</summary>
    public long Events { get; private set; }

    /// <summary>Processor time of the process in that time, s.</summary>
    public double ProcessorSeconds { get; private set; }

    /// <summary>Takes all shards over and works the topic to its end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var ends = new long[services.Partitions];
        for (var p = 0; p < ends.Length; p++)
        {
            await using (var broker = await _node.OpenAsync(p, cancellation)) ends[p] = (await broker.ReadBoundsAsync(SourceTopic.Events, cancellation)).StableEnd;
            var shard = new UserShard(services, await _node.OpenAsync(p, cancellation), await store.OpenShardAsync(p, cancellation));
            _shards.Add(shard);
            await shard.TakeOverAsync(cancellation);
        }

        Events = ends.Sum();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = _shards.Select(s => Task.Run(() => ShardPump.RunAsync(s, Begin, now => now.Committed.Events >= ends[s.Partition] && now.Durable == now.Committed, stop.Token), stop.Token)).ToList();
        // The first that fails ends the others.
        while (running.Exists(r => !r.IsCompleted) && !running.Exists(r => r.IsFaulted)) await Task.WhenAny(running.Where(r => !r.IsCompleted));
        if (running.Exists(r => r.IsFaulted)) await stop.CancelAsync();
        await Task.WhenAll(running);
        Seconds = _clock.Elapsed.TotalSeconds;
        ProcessorSeconds = (Environment.CpuUsage.TotalTime - _processorBefore).TotalSeconds;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var shard in _shards) await shard.DisposeAsync();
        await _node.DisposeAsync();
    }

    private void Begin()
    {
        lock (_clock)
        {
            if (_clock.IsRunning) return;
            _processorBefore = Environment.CpuUsage.TotalTime;
            _clock.Start();
        }
    }
}
