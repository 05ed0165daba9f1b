using CsCheck;
using Streaming.Core.Items;
using Xunit;

namespace Streaming.Core.Tests.Items;

public sealed class ItemScoresTests
{
    [Fact]
    public void ItemScores_any_additions_equal_a_dictionary()
    {
        Gen.Select(Gen.Int[0, 2000], Gen.Float[-10, 10]).List[0, 3000].Sample(additions =>
        {
            var scores = new ItemScores();
            scores.Add(1, 1, 1);
            scores.Clear();
            var expected = new Dictionary<int, float>();
            foreach (var (item, score) in additions)
            {
                scores.Add(item, score, item + 1);
                expected[item] = expected.GetValueOrDefault(item) + score;
            }

            Assert.Equal(expected.Count, scores.Count);
            foreach (var (item, score) in expected) Assert.Equal(score, scores.Score(scores.Find(item)));
            Assert.Equal(-1, scores.Find(5000));
        }, iter: 200);
    }

    [Fact]
    public void Because_names_the_strongest_part()
    {
        var scores = new ItemScores();
        scores.Add(7, 1f, 100);
        scores.Add(7, 3f, 200);
        scores.Add(7, 2f, 300);
        Assert.Equal((6f, 200), (scores.Score(0), scores.Because(0)));
    }
}
