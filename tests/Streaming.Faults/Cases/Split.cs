using Streaming.Faults.Engine;

namespace Streaming.Faults.Cases;

/// <summary>One split of a cluster.</summary>
/// <param name="Text">In words.</param>
/// <param name="Cuts">What is dropped.</param>
/// <param name="Losers">Who must end by itself; none where it is not certain who.</param>
/// <param name="Heir">The worker that takes over; null where it is not certain that one goes on.</param>
internal sealed record Split(string Text, IReadOnlyList<(ClusterNode From, ClusterNode To)> Cuts, IReadOnlyList<ClusterNode> Losers, ClusterNode? Heir)
{
    /// <summary>The split of a round: the workers take turns.</summary>
    public static Split Of(SplitShape shape, EngineCluster cluster, int round)
    {
        var loser = cluster.Workers[round % cluster.Workers.Count];
        var heir = cluster.Workers.Single(w => w != loser);
        switch (shape)
        {
            case SplitShape.Isolated:
                return new Split($"{loser.Name} cut off", BothWays([loser], [.. cluster.Nodes.Where(n => n != loser)]), [loser], heir);
            case SplitShape.OneWay:
                return new Split($"{loser.Name} not heard", OneWay([loser], [.. cluster.Nodes.Where(n => n != loser)]), [loser], heir);
            case SplitShape.Partial:
                return new Split($"{loser.Name} and {heir.Name} cut off from each other", BothWays([loser], [heir]), [], null);
            case SplitShape.Everybody:
                return new Split("everybody cut off from everybody", [.. cluster.Nodes.SelectMany(f => cluster.Nodes.Where(t => t != f).Select(t => (f, t)))], cluster.Nodes, null);
            default:
                // Of two halves the one with the lowest address wins; that is the first witness, and it takes sides with one worker after the other.
                ClusterNode[] winners = [heir, cluster.Witnesses[0]], losers = [loser, cluster.Witnesses[1]];
                return new Split($"{Names(winners)} and {Names(losers)} cut off from each other", BothWays(winners, losers), losers, heir);
        }
    }

    private static string Names(IEnumerable<ClusterNode> nodes) => string.Join(" + ", nodes.Select(n => n.Name));

    private static (ClusterNode From, ClusterNode To)[] OneWay(ClusterNode[] from, ClusterNode[] to) => [.. from.SelectMany(f => to.Select(t => (f, t)))];

    private static (ClusterNode From, ClusterNode To)[] BothWays(ClusterNode[] one, ClusterNode[] other) => [.. OneWay(one, other), .. OneWay(other, one)];
}
