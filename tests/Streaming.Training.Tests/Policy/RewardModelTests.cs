using Streaming.Training.Policy;

namespace Streaming.Training.Tests.Policy;

public sealed class RewardModelTests
{
    private static readonly PolicyItems Items = new()
    {
        Places = new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 0, ["b"] = 1, ["c"] = 2 },
        Features = [["x", "y", "y"], ["1", "2", "3"], ["same", "same", "same"]],
    };

    // Two positions; three items.
    private static readonly PolicyCells Cells = new(3, new PolicyRows([0, 1], [4, 9], [1, 1], [false, false]));

    private static readonly CellCounts Counts = new([100, 200, 300, 100, 200, 300], [10, 20, 90, 20, 80, 3]);

    [Fact]
    public void Rates_without_a_penalty_worth_the_name_are_the_cells_own_and_with_an_infinite_one_the_same_for_all()
    {
        var model = new RewardModel(new RewardDesign(Items, 2), Cells);
        var free = model.Rates(Counts, 1e-6);
        for (var c = 0; c < Cells.Count; c++) Assert.Equal((double)Counts.Clicks[c] / Counts.Rows[c], free[c], 4);
        Assert.All(model.Rates(Counts, double.PositiveInfinity), r => Assert.Equal(223.5 / 1201, r, 12));
        var some = model.Rates(Counts, 20);
        Assert.InRange(some[5], free[5], 223.5 / 1201);
        // Without a click, or with nothing else, a rate is not 0 or 1.
        Assert.All(model.Rates(Counts with { Clicks = new int[6] }, 4), r => Assert.Equal(0.5 / 1201, r, 12));
        Assert.All(model.Rates(Counts with { Clicks = Counts.Rows }, 4), r => Assert.Equal(1200.5 / 1201, r, 12));
    }

    [Fact]
    public void Crossed_rates_of_a_fold_do_not_know_its_own_clicks()
    {
        var model = new RewardModel(new RewardDesign(Items, 2), Cells);
        CellCounts[] folds = [.. Enumerable.Range(0, 4).Select(f => new CellCounts([.. Counts.Rows], [.. Counts.Clicks.Select((c, i) => c - (i == f ? 2 : 0))]))];
        CellCounts[] changed = [folds[0], folds[1] with { Clicks = [90, 0, 0, 0, 150, 100] }, folds[2], folds[3]];
        var (before, after) = (Cross(folds), Cross(changed));
        Assert.Equal(before.Rates[1], after.Rates[1]);
        Assert.Equal(before.Penalties[1], after.Penalties[1]);
        Assert.NotEqual(before.Rates[0], after.Rates[0]);
        Assert.True(before.Gain > 0);

        CrossedRewards Cross(CellCounts[] f) => new(model, f, Cells.Count, null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Target_shares_are_those_of_its_rows_at_each_position()
    {
        var shares = new TargetShares(Cells, new PolicyRows([0, 0, 1, 0, 2, 2], [4, 4, 4, 4, 9, 9], [1, 1, 1, 1, 1, 1], null));
        Assert.Equal([0.75, 0.25, 0, 0, 0, 1], shares.Share);
        Assert.Equal(0.75 + (0.25 * 5), shares.Mean([1, 5, 100, 0, 0, 0], 0));
        // Position 4 is half of the log: (1/2)² · variance 0.75 · 0.25 · (5 − 1)² / 4 rows; position 9 has no variance.
        Assert.Equal(0.25 * 3 / 4, shares.SamplingVariance([1, 5, 100, 0, 0, 7]), 12);
        Assert.Equal(0.5, shares.Traffic(c => c > 2), 12);
    }

    [Fact]
    public void Design_of_very_many_levels_is_bounded()
    {
        var many = new PolicyItems { Places = Enumerable.Range(0, 500).ToDictionary(i => $"{i}", i => i), Features = [[.. Enumerable.Range(0, 500).Select(i => $"t{i}")], [.. Enumerable.Range(0, 500).Select(i => $"{i}")]] };
        var design = new RewardDesign(many, 10);
        Assert.Equal((60, false, 71), (design.Features, design.Crossed, design.Columns));
        Assert.All(Enumerable.Range(0, 500), i => Assert.All(design.Row(i, 9), c => Assert.InRange(c.Column, 0, 70)));
    }
}
