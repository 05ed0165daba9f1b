using Streaming.Contracts;
using Streaming.Training.History;
using Streaming.Training.Segments.Report;

namespace Streaming.Training.Tests.Segments.Report;

public sealed class ItemLiftTests
{
    [Fact]
    public void Figure_by_hand()
    {
        // Prior 40 (a tenth of all) × 40 / 400 = 4: ln(34 / 106) − ln(14 / 326) = 2.010761, error √(1/34 + 1/14) = 0.317554.
        var figure = ItemLift.Figure("x", 30, 40, 100, 400, 60);
        Assert.Equal((30, 0.5), (figure.Customers, figure.Share));
        Assert.Equal(3, figure.Lift, 1e-12);
        Assert.Equal(6.332037, figure.Z, 1e-6);
    }

    [Fact]
    public void A_thing_that_few_bought_does_not_win_over_one_that_many_did()
    {
        var (few, many) = (ItemLift.Figure("few", 10, 10, 2_000, 20_000, 500), ItemLift.Figure("many", 200, 500, 2_000, 20_000, 500));
        Assert.True(few.Lift > many.Lift && few.Z < many.Z);
    }

    [Fact]
    public void Of_counts_customers_once_in_categories_where_most_have_one_and_names_what_stands_out()
    {
        var (history, segmentOf) = Shop(withCategories: true);
        var lifts = ItemLift.Of(history, segmentOf, [100, 100], 3);
        Assert.True(lifts.AreCategories);
        Assert.Equal([["tea"], ["mugs"]], lifts.Of.Select(s => s.Select(i => i.Name)));
        Assert.Equal((80, 0.8), (lifts.Of[0][0].Customers, lifts.Of[0][0].Share)); // each bought two teas, twice
        Assert.Equal(4, lifts.Tested); // tea and mugs, in either segment; rare is bought by fewer than ten
    }

    [Fact]
    public void Of_without_categories_names_items_by_their_title()
    {
        var (history, segmentOf) = Shop(withCategories: false);
        var lifts = ItemLift.Of(history, segmentOf, [100, 100], 3);
        Assert.False(lifts.AreCategories);
        Assert.Equal(["Tea 1", "Tea 2"], lifts.Of[0].Select(i => i.Name).Order());
    }

    [Fact]
    public void Of_a_segment_that_buys_as_all_do_names_nothing()
    {
        var (history, segmentOf) = Shop(withCategories: true);
        var mixed = segmentOf.ToDictionary(p => p.Key, p => p.Key[^1] % 2);
        Assert.All(ItemLift.Of(history, mixed, [100, 100], 3).Of, Assert.Empty);
    }

    /// <summary>Segment 0: 80 tea, 20 mugs; segment 1 the other way round. Guests, refunds and a thing that nine bought do not count.</summary>
    private static (TrainingHistory History, Dictionary<string, int> SegmentOf) Shop(bool withCategories)
    {
        var events = new List<TrainingEvent>();
        var segmentOf = new Dictionary<string, int>();
        for (var i = 0; i < 200; i++)
        {
            var (user, segment) = ($"u{i / 2 + (i % 2 * 1_000)}", i % 2);
            segmentOf[user] = segment;
            var isTea = (i / 2 < 80) == (segment == 0);
            foreach (var item in isTea ? (string[])["t1", "t2"] : ["m1"]) events.AddRange([new(user, EventType.Purchase, i, item), new(user, EventType.Purchase, i, item)]);
            if (i < 18 && segment == 0) events.Add(new(user, EventType.Purchase, i, "r"));
            events.AddRange([new(user, EventType.Refund, i, "r"), new(user, EventType.View, i, "r"), new($"g{i}", EventType.Purchase, i, "r", IsGuest: true)]);
        }

        string? Category(string name) => withCategories ? name : null;
        return (TrainingHistory.Sorted(events, [new() { ItemId = "t1", Title = "Tea 1", Category = Category("tea") }, new() { ItemId = "t2", Title = "Tea 2", Category = Category("tea") }, new() { ItemId = "m1", Category = Category("mugs") }, new() { ItemId = "r", Category = Category("rare") }]), segmentOf);
    }
}
