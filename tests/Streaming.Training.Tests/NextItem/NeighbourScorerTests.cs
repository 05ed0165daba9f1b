using Streaming.Core.Items;
using Streaming.Training.NextItem;
using Xunit;

namespace Streaming.Training.Tests.NextItem;

public sealed class NeighbourScorerTests
{
    private readonly ItemDictionary _ids = new();

    [Fact]
    public void Vote_item_after_the_shared_one_beats_the_one_before()
    {
        var scores = Vote(new NeighbourSettings { BackwardWeight = 0.5f, ForwardDecay = 0.5f }, "a", "before a after later");
        Assert.True(scores("after") > scores("later"));
        Assert.True(scores("after") > scores("before"));
        Assert.True(scores("before") > 0);
    }

    [Fact]
    public void Vote_only_the_most_similar_sessions_count_and_of_equal_ones_the_newest()
    {
        var scores = Vote(NeighbourSettings.Plain with { Neighbours = 1 }, "a b", "a old", "b mid", "b new");
        Assert.True(scores("new") > 0);
        Assert.Equal(0, scores("mid"));
        Assert.Equal(0, scores("old"));
        Assert.True(Vote(NeighbourSettings.Plain with { Neighbours = 1 }, "a b", "a b both", "b new")("both") > 0);
    }

    [Fact]
    public void Vote_older_sessions_weigh_less()
    {
        var scores = Vote(new NeighbourSettings { AgeDecay = 2 }, "a", "a old", "x y", "a new");
        Assert.True(scores("new") > scores("old"));
    }

    [Fact]
    public void Vote_again_gives_the_same_bits()
    {
        var log = SmallShop.Log(_ids, [.. SmallShop.Sessions(300, 4)]);
        var scorer = new NeighbourScorer(new NeighbourIndex(log, new ItemCounts(log)), new NeighbourSettings { Neighbours = 20 });
        var (first, second) = (new SparseScores(log.ItemCount), new SparseScores(log.ItemCount));
        scorer.Vote([0, 1, 2], first);
        scorer.Vote([5], new SparseScores(log.ItemCount));
        scorer.Vote([0, 1, 2], second);
        Assert.Equal(first.Items.ToArray().Select(item => first[item]), second.Items.ToArray().Select(item => second[item]));
        Assert.NotEqual(0, first.Count);
    }

    [Fact]
    public void Score_empty_and_unknown_prefixes_give_nothing()
    {
        var log = SmallShop.Log(_ids, "a b");
        var method = new NeighbourMethod("", new NeighbourIndex(log, new ItemCounts(log)), new NeighbourSettings());
        var scores = new float[] { 9, 9 };
        method.Score([], scores);
        Assert.Equal([0, 0], scores);
        method.Score([7, 8, 2], scores);
        Assert.Equal([0, 0], scores);
    }

    private Func<string, float> Vote(NeighbourSettings settings, string prefix, params string[] sessions)
    {
        var log = SmallShop.Log(_ids, sessions);
        var scores = new SparseScores(log.ItemCount);
        new NeighbourScorer(new NeighbourIndex(log, new ItemCounts(log)), settings).Vote([.. prefix.Split(' ').Select(Number)], scores);
        return item => scores[Number(item)];
    }

    private int Number(string item) => _ids.GetOrAdd(System.Text.Encoding.UTF8.GetBytes(item));
}
