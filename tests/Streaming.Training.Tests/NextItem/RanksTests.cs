using System.Text;
using Streaming.Core.Items;
using Streaming.Training.NextItem;
using Xunit;

namespace Streaming.Training.Tests.NextItem;

public sealed class RanksTests
{
    [Fact]
    public void Of_equal_scores_the_larger_id_stands_before()
    {
        int[] places = [0, 1, 2, 3];
        float[] scores = [1, 2, 1, 1];
        Assert.Equal([4, 1, 3, 2], Enumerable.Range(0, 4).Select(target => Ranks.Of(scores, target, places)));
    }

    [Fact]
    public void Of_scores_that_are_no_numbers_are_misses_and_push_nobody_back()
    {
        int[] places = [0, 1, 2, 3];
        float[] scores = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -5];
        Assert.Equal([Ranks.Miss, Ranks.Miss, Ranks.Miss, 1, Ranks.Miss], Enumerable.Range(0, 5).Select(target => Ranks.Of(scores, target, places)));
    }

    [Fact]
    public void Constant_scorer_finds_twenty_items_of_all()
    {
        var (ids, rows) = (new ItemDictionary(), new TestRows());
        for (var item = 0; item < 400; item++) ids.GetOrAdd(Encoding.UTF8.GetBytes($"{item}"));
        for (var item = 0; item < 400; item++) rows.Add([], item);
        var ranks = RankRun.Ranks(new Constant(1), rows, Enumerable.Repeat(1, 400).ToArray(), IdOrder.Places(ids, 400));
        Assert.Equal(20.0 / 400, NextItemFigures.P20(ranks), 1e-12);
        Assert.Equal(400, ranks.Distinct().Count());
        Assert.All(RankRun.Ranks(new Constant(float.NaN), rows, Enumerable.Repeat(1, 400).ToArray(), IdOrder.Places(ids, 400)), rank => Assert.Equal(Ranks.Miss, rank));
    }

    [Fact]
    public void Figures_past_twenty_count_nothing()
    {
        Assert.Equal(0.5, NextItemFigures.P20([20, 21]));
        Assert.Equal(0.025, NextItemFigures.Mrr20([20, 21]), 1e-12);
        Assert.True(double.IsNaN(NextItemFigures.P20([])));
    }

    [Theory]
    [InlineData("9", "10")]
    [InlineData("214", "0214")] // a leading zero makes it a text
    [InlineData("99", "a")]
    [InlineData("a10", "a9")]
    public void IdOrder_numbers_by_value_then_texts_by_bytes(string smaller, string larger)
    {
        Assert.True(IdOrder.Compare(Encoding.UTF8.GetBytes(smaller), Encoding.UTF8.GetBytes(larger)) < 0);
        Assert.True(IdOrder.Compare(Encoding.UTF8.GetBytes(larger), Encoding.UTF8.GetBytes(smaller)) > 0);
    }

    [Fact]
    public void TopScores_agree_with_ranks()
    {
        var random = new SeededRandom(3);
        int[] places = [.. Enumerable.Range(0, 200)];
        random.Shuffle<int>(places);
        var scores = new float[200];
        foreach (ref var score in scores.AsSpan()) score = random.Below(12);
        scores[7] = float.NaN;
        var top = new TopScores(places, 50);
        top.Reset(50);
        top.Offer(scores);
        top.Sort();
        Assert.Equal(Enumerable.Range(1, 50), top.Items.ToArray().Select(item => Ranks.Of(scores, item, places)));
    }

    [Fact]
    public void Sessions_rows_one_click_shorter_are_one_session()
    {
        var rows = new TestRows();
        rows.Add([1, 2, 3], 4);
        rows.Add([1, 2], 3);
        rows.Add([1], 2);
        rows.Add([1], 2); // equal, not shorter
        rows.Add([5, 6], 7);
        rows.Add([6], 7); // shorter, but of other clicks
        rows.Add([6, 7], 1); // longer
        rows.Add([], 6); // shorter by two
        Assert.Equal([0, 0, 0, 1, 2, 3, 4, 5], rows.Sessions());
    }

    [Fact]
    public void Bootstrap_interval_holds_the_mean_and_widens_with_fewer_sessions()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => (double)(i / 4 % 2))];
        var many = new SessionBootstrap([.. Enumerable.Range(0, 400)], 200, 1).Interval(values);
        var few = new SessionBootstrap([.. Enumerable.Range(0, 400).Select(i => i / 4)], 200, 1).Interval(values);
        Assert.InRange(0.5, many.Low, many.High);
        Assert.True(few.High - few.Low > 1.5 * (many.High - many.Low));
    }

    private sealed class Constant(float score) : INextItemMethod
    {
        public string Name => "constant";

        public void Score(ReadOnlySpan<int> prefix, Span<float> scores) => scores.Fill(score);
    }
}
