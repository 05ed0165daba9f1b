using System.Text;
using Streaming.Core.Events;

namespace Streaming.Pipeline.Placement;

/// <summary>
/// Where shards belong, as pure functions of node names and the placement so far. Two rules:
/// <list type="bullet">
/// <item>balance: no two nodes differ by more than one shard, so of N shards on n nodes N mod n nodes hold ⌈N/n⌉ and the others ⌊N/n⌋;</item>
/// <item>preference: within that, a shard goes to the node of highest random weight (rendezvous hashing, Thaler and Ravishankar 1998) h(node, shard).</item>
/// </list>
/// A shard moves only where balance asks for it: the shards of a node that left spread, a node that joined draws ⌊N/n⌋, nothing else moves.
/// </summary>
internal static class RendezvousPlan
{
    /// <summary>Weight of a node for a shard; the same on every machine and version.</summary>
    public static ulong Weight(string node, string shard) => Hash64.Of(Encoding.UTF8.GetBytes(shard), Hash64.Of(Encoding.UTF8.GetBytes(node)));

    /// <summary>The node for a shard that has none.</summary>
    /// <param name="shard">Name of the shard.</param>
    /// <param name="loads">Shards of each node that may host; not empty.</param>
    /// <param name="shards">Number of all shards.</param>
    public static string Choose(string shard, IReadOnlyDictionary<string, int> loads, int shards)
    {
        var floor = shards / loads.Count;
        var full = loads.Values.Count(load => load > floor) >= shards % loads.Count ? floor : floor + 1;
        var open = loads.Where(node => node.Value < full).Select(node => node.Key).ToList();
        if (open.Count == 0)
        {
            // More shards than announced, or all on the way already: the least loaded.
            var least = loads.Values.Min();
            open = [.. loads.Where(node => node.Value == least).Select(node => node.Key)];
        }

        return Heaviest(shard, open);
    }

    /// <summary>The shards to move for balance, at most a given number.</summary>
    /// <param name="placed">Shards of each node that may host.</param>
    /// <param name="maxMoves">Most shards to return.</param>
    public static IReadOnlyList<string> Moves(IReadOnlyDictionary<string, IReadOnlyCollection<string>> placed, int maxMoves)
    {
        var moves = new List<string>();
        if (placed.Count < 2) return moves;
        var nodes = placed.ToDictionary(node => node.Key, node => node.Value.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        while (moves.Count < maxMoves)
        {
            // Ties by name, so that every member would plan the same.
            var giver = nodes.Keys.OrderByDescending(node => nodes[node].Count).ThenBy(node => node, StringComparer.Ordinal).First();
            var taker = nodes.Keys.OrderBy(node => nodes[node].Count).ThenBy(node => node, StringComparer.Ordinal).First();
            if (nodes[giver].Count - nodes[taker].Count < 2) return moves;
            // Of the giver's shards the one that prefers the taker most.
            var shard = nodes[giver].OrderByDescending(s => Weight(taker, s)).ThenBy(s => s, StringComparer.Ordinal).First();
            nodes[giver].Remove(shard);
            nodes[taker].Add(shard);
            moves.Add(shard);
        }

        return moves;
    }

    private static string Heaviest(string shard, IReadOnlyList<string> nodes) =>
        nodes.OrderByDescending(node => Weight(node, shard)).ThenBy(node => node, StringComparer.Ordinal).First();
}
