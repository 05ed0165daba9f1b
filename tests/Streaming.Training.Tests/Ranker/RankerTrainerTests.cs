using Streaming.Core.Score;
using Streaming.Training.Ranker;

namespace Streaming.Training.Tests.Ranker;

public sealed class RankerTrainerTests
{
    private static readonly RankerTrainerOptions Quick = new() { Epochs = 6, Hidden = [16], LearningRate = 0.01 };

    [Fact]
    public void Fit_same_seed_gives_the_same_bytes()
    {
        var groups = Groups(120, 1);
        Assert.Equal(Fit(groups, Quick).ToOnnx(), Fit(groups, Quick).ToOnnx());
    }

    [Fact]
    public void Fit_other_seed_gives_other_bytes()
    {
        var groups = Groups(120, 1);
        Assert.NotEqual(Fit(groups, Quick).ToOnnx(), Fit(groups, Quick with { Seed = 2 }).ToOnnx());
    }

    [Fact]
    public void Fit_finds_what_decides()
    {
        var model = Fit(Groups(600, 1), Quick);
        var figures = RankingMetrics.Of(Groups(200, 2), (group, scores) => model.Forward(group.Features, scores));
        Assert.True(figures.Auc > 0.85, $"AUC {figures.Auc}");
        Assert.True(figures.Mrr20 > 0.6, $"MRR {figures.Mrr20}");
    }

    [Fact]
    public void Fit_scores_are_probabilities_on_average()
    {
        var model = Fit(Groups(600, 1), Quick);
        var test = Groups(200, 2);
        var predicted = test.Sum(g =>
        {
            var scores = new float[g.Rows];
            model.Forward(g.Features, scores);
            Assert.All(scores, s => Assert.InRange(s, 0f, 1f));
            return scores.Sum();
        });
        Assert.InRange(predicted / test.Length, 0.6, 1.6); // one hit a group
    }

    [Fact]
    public void Fit_with_too_few_answers_says_how_many() =>
        Assert.Contains("only 5 moments", Assert.Throws<ArgumentException>(() => Fit(Groups(5, 1), Quick)).Message, StringComparison.Ordinal);

    [Fact]
    public void Standardiser_ignores_a_feature_that_never_varies()
    {
        var group = Groups(1, 1)[0];
        for (var r = 0; r < group.Rows; r++) group.Features[r * RankerFeatures.Count] = 7;
        var standardiser = Standardiser.Fit([group], RankerFeatures.Count);
        var row = new float[RankerFeatures.Count];
        row[0] = 1e9f;
        var into = new float[row.Length];
        standardiser.Apply(row, into);
        Assert.Equal(0f, into[0]);
    }

    [Fact]
    public void Metrics_of_a_perfect_and_a_reversed_ranking()
    {
        var group = new RankerGroup { AtMs = 0, Features = [], Gains = [0, 1, 0, 1], Blend = [], Targets = 2 };
        var perfect = RankingMetrics.Of([group], (_, scores) => new float[] { 0, 1, 0, 1 }.CopyTo(scores, 0));
        Assert.Equal(new RankingMetrics(1, 1, 1, 1), perfect);
        var reversed = RankingMetrics.Of([group], (_, scores) => new float[] { 1, 0, 1, 0 }.CopyTo(scores, 0));
        Assert.Equal(0, reversed.Auc);
        Assert.Equal(1.0 / 3, reversed.Mrr20, 12);
    }

    [Fact]
    public void Metrics_count_answers_that_no_source_brought_as_misses()
    {
        var group = new RankerGroup { AtMs = 0, Features = [], Gains = [1, 0], Blend = [], Targets = 4 };
        Assert.Equal(0.25, RankingMetrics.Of([group], (_, scores) => scores[0] = 1).Recall20);
        Assert.Equal(0.25, RankingMetrics.Reach([group]));
    }

    private static MlpRanker Fit(RankerGroup[] groups, RankerTrainerOptions options) => RankerTrainer.Fit(groups, options, null, default);

    /// <summary>The candidate with the highest sum of two features, one of them squared, is the answer.</summary>
    private static RankerGroup[] Groups(int count, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var features = new float[12 * RankerFeatures.Count];
            foreach (ref var feature in features.AsSpan()) feature = (float)random.Normal();
            var best = Enumerable.Range(0, 12).MaxBy(r => features[r * RankerFeatures.Count] + Math.Pow(features[(r * RankerFeatures.Count) + 3], 2));
            var gains = new float[12];
            gains[best] = 1;
            return new RankerGroup { AtMs = 0, Features = features, Gains = gains, Blend = new float[12], Targets = 1 };
        })];
    }
}
