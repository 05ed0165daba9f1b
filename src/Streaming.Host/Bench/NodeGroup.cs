using System.Diagnostics;

namespace Streaming.Host.Bench;

/// <summary>Nodes of one cluster, each a child process, over one broker and one SQLite folder on this machine.</summary>
internal sealed class NodeGroup : IDisposable
{
    private const int LooksInARow = 3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private readonly List<NodeProcess> _nodes = [];
    private readonly int _partitions;

    /// <summary>Starts them all at once.</summary>
    /// <param name="options">Ports and given settings.</param>
    /// <param name="count">How many.</param>
    /// <param name="topics">Their topics.</param>
    /// <param name="folder">Their store.</param>
    public NodeGroup(NodesBenchOptions options, int count, BenchTopics topics, string folder)
    {
        _partitions = options.Partitions;
        var ports = ChildProgram.Ports(2 * count, options.Port);
        var seeds = string.Join(',', ports[..count].Select(p => FormattableString.Invariant($"127.0.0.1:{p}")));
        try
        {
            for (var i = 0; i < count; i++)
            {
                string[] cluster = ["Cluster:Hostname=127.0.0.1", FormattableString.Invariant($"Cluster:Port={ports[i]}"), $"Cluster:SeedNodes={seeds}"];
                _nodes.Add(NodeProcess.Start(options.Given, [.. topics.Settings, .. cluster, $"Store:Location=sqlite:{folder}", "Consent:Default=granted"], ports[count + i]));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Processor time of all.</summary>
    public double ProcessorSeconds => _nodes.Sum(n => n.ProcessorTime.TotalSeconds);

    /// <summary>Shards of the node that runs most, as last seen.</summary>
    public int MostShards { get; private set; }

    /// <summary>Waits until each sees all, each runs shards, all partitions run, and nothing moves any more.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        var (inARow, before) = (0, Array.Empty<int>());
        await UntilAsync("all partitions run, spread over all nodes", now =>
        {
            var shards = now.Select(n => n.RunningShards).ToArray();
            var holds = Array.TrueForAll(now, n => n.UpMembers == _nodes.Count && n.RunningShards > 0) && shards.Sum() == _partitions;
            inARow = holds && shards.SequenceEqual(before) ? inARow + 1 : 0;
            (before, MostShards) = (shards, shards.Max());
            return inARow >= LooksInARow;
        }, cancellation);
    }

    /// <summary>Waits until so many events are committed, and every row of theirs is durable.</summary>
    public Task FoldedAsync(long events, CancellationToken cancellation) => UntilAsync($"{events} events are folded and durable", now =>
        now.Sum(n => n.RunningShards) == _partitions && now.Sum(n => n.CommittedEvents) >= events && now.Sum(n => n.DirtyUsers) == 0, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
    }

    private async Task UntilAsync(string what, Func<NodeStanding[], bool> holds, CancellationToken cancellation)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            var now = await Task.WhenAll(_nodes.Select(n => n.StandingAsync(cancellation)));
            if (holds(now)) return;
            if (Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"not within {Patience}: {what}; last seen: {string.Join("; ", now)}");
            await Task.Delay(Look, cancellation);
        }
    }
}
