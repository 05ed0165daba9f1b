using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Recall;
using Streaming.Core.Score;
using Streaming.Core.Tests.Items;

namespace Streaming.Core.Tests.Shard;

/// <summary>What becomes of a model's answers (M4, M6, M9 of docs/fault-model-models.md): a full list of finite scores whatever they are, and the fall-back marked where there are none.</summary>
public sealed class ModelScoresTests
{
    private const long Start = 1_700_000_000_000;
    private static readonly string[] Shelf = ["i1", "i2", "i3", "i4", "i5", "i6"];

    [Theory]
    [InlineData("nan")]
    [InlineData("every other nan")]
    [InlineData("infinite")]
    [InlineData("all equal")]
    [InlineData("far above one")]
    public async Task Scores_of_any_kind_give_a_full_list_of_finite_scores_and_the_same_one_again(string kind)
    {
        var first = await RecommendAsync(new OddScorer(kind, ScoreOutcome.Scored));
        var again = await RecommendAsync(new OddScorer(kind, ScoreOutcome.Scored));
        Assert.Equal(3, first.Items.Count);
        Assert.Equal(first.Items.Count, first.Items.Select(i => i.ItemId).Distinct().Count());
        Assert.Equal([1, 2, 3], first.Items.Select(i => i.Rank));
        Assert.All(first.Items, i => Assert.True(double.IsFinite(i.Score)));
        Assert.Equal(first.Items.Select(i => (i.ItemId, i.Score)), again.Items.Select(i => (i.ItemId, i.Score)));
        Assert.Equal("m/1", first.ModelVersion);
        Assert.Null(first.Degraded);
    }

    /// <param name="weight">Of the blend: its scores stay below one, or go beyond it as by default.</param>
    /// <param name="kind">Which rows the model could not score.</param>
    [Theory]
    [InlineData(0.1f, "nan")]
    [InlineData(0.1f, "every other nan")]
    [InlineData(0.1f, "every other nan, below zero")]
    [InlineData(1f, "nan")]
    [InlineData(1f, "every other nan")]
    [InlineData(1f, "every other nan, below zero")]
    public async Task Rows_without_a_score_go_behind_the_others_in_the_order_of_the_blend(float weight, string kind)
    {
        var recall = new RecallOptions { BlendWeights = [.. RecallOptions.DefaultBlend.Select(w => w * weight)] };
        var blend = (await RecommendAsync(new OddScorer("", ScoreOutcome.NoModel), recall, Shelf.Length)).Items.Select(i => i.ItemId).ToArray();
        Assert.NotEqual(blend.Order(), blend); // where the order of the blend is lost, that of the ids is what is left
        var scorer = new OddScorer(kind, ScoreOutcome.Scored);
        var list = await RecommendAsync(scorer, recall, Shelf.Length);
        Assert.Equal((Shelf.Length, null), (list.Items.Count, list.Degraded)); // nothing was filled up
        var scored = list.Items.Take(scorer.Scored.Count).ToArray();
        Assert.Equal(scorer.Scored.OrderDescending().Select(s => (double)s), scored.Select(i => i.Score));
        var others = list.Items.Skip(scored.Length).Select(i => i.ItemId).ToArray();
        Assert.Equal(blend.Intersect(others), others);
        Assert.All(list.Items.Skip(scored.Length), i => Assert.True(i.Score < scorer.Scored.DefaultIfEmpty(0).Min(), $"{i.ItemId} has {i.Score}"));
    }

    [Theory]
    [InlineData(ScoreOutcome.NoModel, "no_model")]
    [InlineData(ScoreOutcome.Shed, "shed")]
    [InlineData(ScoreOutcome.Deadline, "deadline")]
    [InlineData(ScoreOutcome.Failed, "model_failed")]
    public async Task No_scores_give_the_fall_back_marked_with_its_cause_and_no_model(ScoreOutcome outcome, string cause)
    {
        var recommendation = await RecommendAsync(new OddScorer("", outcome));
        Assert.Equal(3, recommendation.Items.Count);
        Assert.All(recommendation.Items, i => Assert.True(double.IsFinite(i.Score)));
        Assert.Equal(cause, recommendation.Degraded);
        Assert.Null(recommendation.ModelVersion);
    }

    /// <summary>The model in force is another by the time the list is written.</summary>
    [Fact]
    public async Task List_names_the_model_that_scored_it_and_not_the_one_in_force_since()
    {
        var scorer = new OddScorer("all equal", ScoreOutcome.Scored) { SwapsAfterwards = true };
        Assert.Equal("m/1", (await RecommendAsync(scorer)).ModelVersion);
        Assert.Equal("m/2", scorer.ModelVersion);
    }

    private static async Task<Recommendation> RecommendAsync(IScorer scorer, RecallOptions? recall = null, int listLength = 3)
    {
        var h = new ShardHarness
        {
            Scorer = scorer,
            Recall = recall ?? new RecallOptions(),
            Learn = index =>
            {
                index.Apply(Enumerable.Range(0, 20).Select(s => TestShop.Views($"s{s}", (ulong)s + 100, Start - 60_000 + s, [Shelf[s % 6], Shelf[(s + 1) % 6], Shelf[(s + 2) % 6]])));
                index.Refresh();
            },
        };
        h.Options = h.Options with { ListLength = listLength };
        h.Kafka.Append("events", "u1", $$"""{"eventId":"a","type":"view","userId":"u1","itemId":"i1","occurredAt":{{Start}}}""");
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        return JsonSerializer.Deserialize(Assert.Single(h.Kafka.Committed("recommendations", 0)), ContractsJson.Default.Recommendation)!;
    }

    private sealed class OddScorer(string kind, ScoreOutcome outcome) : IScorer
    {
        /// <summary>The finite scores given.</summary>
        public List<float> Scored { get; } = [];

        public bool SwapsAfterwards { get; init; }

        public string? ModelVersion { get; private set; } = "m/1";

        public ValueTask<ScoreOutcome> ScoreAsync(ScoreRequest request, CancellationToken cancellation)
        {
            if (outcome != ScoreOutcome.Scored) return new(outcome);
            for (var i = 0; i < request.Rows; i++)
            {
                request.Scores.Span[i] = kind switch
                {
                    "nan" => float.NaN,
                    "every other nan" => i % 2 == 0 ? float.NaN : i,
                    "every other nan, below zero" => i % 2 == 0 ? float.NaN : -3 - i,
                    "infinite" => i % 2 == 0 ? float.PositiveInfinity : float.NegativeInfinity,
                    "far above one" => 1e30f * (i + 1),
                    _ => 0.5f,
                };
                if (float.IsFinite(request.Scores.Span[i])) Scored.Add(request.Scores.Span[i]);
            }

            request.ModelVersion = ModelVersion;
            if (SwapsAfterwards) ModelVersion = "m/2";
            return new(outcome);
        }
    }
}
