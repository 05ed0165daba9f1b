using System.Diagnostics;
using System.Text.Json;

namespace Streaming.Faults.Engine;

/// <summary>Workers and witnesses, each a process, that do a case's work together.</summary>
internal sealed class EngineCluster : IDisposable
{
    private readonly Func<ClusterNode, IEnumerable<string>, EngineProcess> _start;
    private readonly int _partitions;
    private readonly List<ClusterNode> _byAge = [];

    public EngineCluster(IReadOnlyList<ClusterNode> nodes, int partitions, Func<ClusterNode, IEnumerable<string>, EngineProcess> start)
    {
        (Nodes, _partitions, _start) = (nodes, partitions, start);
        Workers = [.. nodes.Where(n => !n.IsWitness)];
        Witnesses = [.. nodes.Where(n => n.IsWitness)];
    }

    private const int MaxRestarts = 5;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Nodes that ended although nobody killed or stopped them, and were started again as their supervisor would: members removed without cause.</summary>
    public int Restarts { get; private set; }

    /// <summary>The workers, in their order.</summary>
    public IReadOnlyList<ClusterNode> Workers { get; }

    /// <summary>The witnesses, in their order.</summary>
    public IReadOnlyList<ClusterNode> Witnesses { get; }

    /// <summary>All of them, in the order in which they are seeds.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; }

    /// <summary>The worker that has been a member longest: the shards' coordinator runs there.</summary>
    public ClusterNode Oldest => _byAge[0];

    /// <summary>The worker that joined last.</summary>
    public ClusterNode Youngest => _byAge[^1];

    /// <summary>Starts all, one after the other, so that their ages are known; false where that did not come about within the limit.</summary>
    public async Task<bool> StartAsync(TimeSpan limit, CancellationToken cancellation)
    {
        foreach (var node in Nodes)
        {
            Start(node);
            if (!await ReachesAsync(node, s => UpCount(s) == UpSelf(s, node) && UpSelf(s, node) > 0, 1, limit, cancellation)) return false;
        }

        return await SettleAsync(limit, cancellation);
    }

    /// <summary>Starts a node, for the first time or again: among the workers it is the youngest then.</summary>
    public void Start(ClusterNode node)
    {
        if (!node.IsWitness)
        {
            _byAge.Remove(node);
            _byAge.Add(node);
        }

        node.Start(_start, string.Join(',', Nodes.Select(n => n.Address)));
    }

    /// <summary>Waits until each node sees all members up and reachable, and each worker runs its even part of the shards.</summary>
    public async Task<bool> SettleAsync(TimeSpan limit, CancellationToken cancellation)
    {
        foreach (var node in Nodes)
        {
            var shards = node.IsWitness ? 0 : _partitions / Workers.Count;
            if (!await ReachesAsync(node, s => UpCount(s) == Nodes.Count && ShardStates.RunningPartitions(s).Length == shards, 2, limit, cancellation)) return false;
        }

        return true;
    }

    private async Task<bool> ReachesAsync(ClusterNode node, Func<JsonElement, bool> state, int times, TimeSpan limit, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!await node.Process.WaitForAsync(state, times, limit < LookAgain ? limit : LookAgain, cancellation))
        {
            if (clock.Elapsed > limit) return false;
            // Any of them: this one may be waiting for another that ended.
            foreach (var ended in Nodes.Where(n => n.HasEnded))
            {
                if (Restarts++ >= MaxRestarts) return false;
                Start(ended);
            }
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var node in Nodes) node.Dispose();
    }

    private static int UpCount(JsonElement status) =>
        status.GetProperty("members").EnumerateArray().Count(m => m.GetProperty("status").GetString() == "Up" && m.GetProperty("reachable").GetBoolean());

    // All members that are there so far, itself among them.
    private static int UpSelf(JsonElement status, ClusterNode node) =>
        status.GetProperty("members").EnumerateArray().Any(m => m.GetProperty("isSelf").GetBoolean() && m.GetProperty("address").GetString() == node.Address && m.GetProperty("status").GetString() == "Up")
            ? status.GetProperty("members").GetArrayLength()
            : 0;
}
