using Streaming.Contracts;
using Streaming.Training.History;
using Streaming.Training.Ranker;
using Streaming.Training.Simulate;

namespace Streaming.Training.Tests.Ranker;

public sealed class RankerDatasetTests
{
    private static readonly SyntheticShopOptions Small = new() { Items = 120, Users = 60, Days = 20, Sessions = 400 };
    private static readonly RankerDatasetOptions Options = new() { MaxTrainGroups = 300, MaxHoldoutGroups = 100 };

    [Fact]
    public void Build_changed_future_changes_no_feature_of_the_past()
    {
        var history = SyntheticShop.Generate(Small);
        var at = history.Events.Count / 2;
        var changed = history.Events.Select((e, i) => i < at ? e : e with { ItemId = "item-00001", UserId = e.UserId + "x" }).ToArray();
        // All moments are taken, so the same ones are in both.
        var all = Options with { MaxTrainGroups = 1_000_000, MaxHoldoutGroups = 1_000_000, MaxNegatives = 2_000 };
        var one = Build(history, all);
        var two = Build(history with { Events = changed }, all);
        var before = history.Events[at].AtMs - (long)all.Horizon.TotalMilliseconds;
        var left = one.Train.Where(g => g.AtMs < before).ToArray();
        var right = two.Train.Where(g => g.AtMs < before).ToArray();
        Assert.True(left.Length > 100);
        Assert.Equal(left.Length, right.Length);
        for (var i = 0; i < left.Length; i++)
        {
            Assert.Equal(left[i].Features, right[i].Features);
            Assert.Equal(left[i].Gains, right[i].Gains);
        }
    }

    [Fact]
    public void Build_same_seed_gives_the_same_groups()
    {
        var history = SyntheticShop.Generate(Small);
        var (one, two) = (Build(history, Options), Build(history, Options));
        Assert.Equal(one.Train.SelectMany(g => g.Features), two.Train.SelectMany(g => g.Features));
        Assert.Equal(one.Holdout.SelectMany(g => g.Gains), two.Holdout.SelectMany(g => g.Gains));
    }

    [Fact]
    public void Build_holdout_is_later_than_train()
    {
        var data = Build(SyntheticShop.Generate(Small), Options);
        Assert.NotEmpty(data.Train);
        Assert.NotEmpty(data.Holdout);
        Assert.True(data.Train.Max(g => g.AtMs) + (long)Options.Horizon.TotalMilliseconds < data.Holdout.Min(g => g.AtMs));
    }

    [Fact]
    public void Build_features_are_finite_and_negatives_bounded()
    {
        var data = Build(SyntheticShop.Generate(Small), Options with { MaxNegatives = 7 });
        Assert.All(data.Train, g => Assert.True(g.Gains.Count(x => x == 0) <= 7));
        Assert.All(data.Train.Concat(data.Holdout).SelectMany(g => g.Features), x => Assert.True(float.IsFinite(x)));
    }

    [Fact]
    public void Build_history_out_of_order_is_refused()
    {
        var history = new TrainingHistory([new("u", EventType.View, 2, "a"), new("u", EventType.View, 1, "b")], []);
        Assert.Contains("event 1", Assert.Throws<ArgumentException>(() => Build(history, Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shop_same_seed_gives_the_same_history()
    {
        var (one, two) = (SyntheticShop.Generate(Small), SyntheticShop.Generate(Small));
        Assert.Equal(one.Events, two.Events);
        Assert.NotEqual(one.Events, SyntheticShop.Generate(Small with { Seed = 2 }).Events);
        one.RequireOrder();
    }

    private static RankerDataset Build(TrainingHistory history, RankerDatasetOptions options) => RankerDatasetBuilder.Build(history, new HistoryReplayOptions(), options, null, default);
}
