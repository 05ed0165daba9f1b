using CsCheck;
using Streaming.Pipeline.Placement;

namespace Streaming.Pipeline.Tests.Placement;

public sealed class RendezvousPlanTests(ITestOutputHelper output)
{
    private static readonly Gen<(int Shards, int Nodes, int MaxMoves, int Salt)> Cases = Gen.Select(Gen.Int[1, 200], Gen.Int[1, 9], Gen.Int[1, 7], Gen.Int[0, 1000]);

    [Fact]
    public void Allocation_from_nothing_is_balanced() => Sample(c =>
        AssertBalanced(Grow(c.Shards, Names(c.Nodes, c.Salt))));

    [Fact]
    public void Rebalance_returns_at_most_the_limit_and_reaches_balance() => Sample(c =>
    {
        var placed = Grow(c.Shards, Names(1, c.Salt));
        foreach (var node in Names(c.Nodes, c.Salt).Skip(1)) placed[node] = [];
        Settle(placed, c.Shards, c.MaxMoves);
        AssertBalanced(placed);
    });

    [Fact]
    public void Joining_node_draws_its_share_and_nothing_else_moves() => Sample(c =>
    {
        var names = Names(c.Nodes + 1, c.Salt);
        var placed = Grow(c.Shards, names[..^1]);
        var before = Owners(placed);
        placed[names[^1]] = [];
        var moved = Settle(placed, c.Shards, c.MaxMoves);
        Assert.Equal(c.Shards / (c.Nodes + 1), moved);
        Assert.All(Owners(placed), owner => Assert.True(owner.Value == before[owner.Key] || owner.Value == names[^1]));
    });

    [Fact]
    public void Leaving_node_gives_its_shards_away_and_nothing_else_moves() => Sample(c =>
    {
        var names = Names(c.Nodes + 1, c.Salt);
        var placed = Grow(c.Shards, names);
        var before = Owners(placed);
        var orphans = placed[names[0]].ToList();
        placed.Remove(names[0]);
        foreach (var shard in orphans) Allocate(placed, shard, c.Shards);
        Assert.Equal(0, Settle(placed, c.Shards, c.MaxMoves));
        AssertBalanced(placed);
        Assert.All(Owners(placed), owner => Assert.True(before[owner.Key] == names[0] || owner.Value == before[owner.Key]));
    });

    [Fact]
    public void Choice_does_not_depend_on_the_order_of_nodes() => Sample(c =>
    {
        var loads = Names(c.Nodes, c.Salt).ToDictionary(n => n, n => (n.Length * c.Salt) % 3);
        var reversed = loads.Reverse().ToDictionary();
        Assert.Equal(RendezvousPlan.Choose("5", loads, c.Shards), RendezvousPlan.Choose("5", reversed, c.Shards));
    });

    [Fact]
    public void Node_that_comes_back_gets_mostly_its_own_shards()
    {
        int kept = 0, all = 0;
        for (var salt = 0; salt < 50; salt++)
        {
            var names = Names(3, salt);
            var placed = Grow(48, names);
            var own = placed[names[0]].ToHashSet();
            placed.Remove(names[0]);
            foreach (var shard in own) Allocate(placed, shard, 48);
            placed[names[0]] = [];
            Settle(placed, 48, 4);
            kept += placed[names[0]].Count(own.Contains);
            all += own.Count;
        }

        output.WriteLine($"{kept} of {all} shards came back to their node");
        Assert.True(kept > all * 0.5, $"{kept} of {all}: a random third would be {all / 3}");
    }

    [Fact]
    public void Weights_stay_the_same_for_ever() => Assert.Equal(6005573552904995726UL, RendezvousPlan.Weight("a:1", "0"));

    private void Sample(Action<(int Shards, int Nodes, int MaxMoves, int Salt)> check) => Cases.Sample(check, iter: 300, writeLine: output.WriteLine);

    private static string[] Names(int nodes, int salt) => [.. Enumerable.Range(0, nodes).Select(n => $"node-{salt}-{n}:4053")];

    private static Dictionary<string, List<string>> Grow(int shards, IEnumerable<string> nodes)
    {
        var placed = nodes.ToDictionary(n => n, _ => new List<string>());
        for (var shard = 0; shard < shards; shard++) Allocate(placed, $"{shard}", shards);
        return placed;
    }

    private static void Allocate(Dictionary<string, List<string>> placed, string shard, int shards) =>
        placed[RendezvousPlan.Choose(shard, placed.ToDictionary(n => n.Key, n => n.Value.Count), shards)].Add(shard);

    /// <summary>Rounds as the coordinator plays them: take the moving shards away, then allocate each anew.</summary>
    private static int Settle(Dictionary<string, List<string>> placed, int shards, int maxMoves)
    {
        for (var moved = 0; ;)
        {
            var moves = RendezvousPlan.Moves(placed.ToDictionary(n => n.Key, n => (IReadOnlyCollection<string>)n.Value), maxMoves);
            Assert.True(moves.Count <= maxMoves);
            Assert.Equal(moves.Count, moves.Distinct().Count());
            if (moves.Count == 0) return moved;
            moved += moves.Count;
            Assert.True(moved <= shards, "placement does not come to rest");
            foreach (var node in placed.Values) node.RemoveAll(moves.Contains);
            foreach (var shard in moves) Allocate(placed, shard, shards);
        }
    }

    private static void AssertBalanced(Dictionary<string, List<string>> placed) =>
        Assert.True(placed.Values.Max(s => s.Count) - placed.Values.Min(s => s.Count) <= 1);

    private static Dictionary<string, string> Owners(Dictionary<string, List<string>> placed) =>
        placed.SelectMany(n => n.Value.Select(s => (Shard: s, Node: n.Key))).ToDictionary(o => o.Shard, o => o.Node);
}
