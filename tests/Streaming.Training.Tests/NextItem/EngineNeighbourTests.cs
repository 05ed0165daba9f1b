using System.Text;
using Streaming.Core.Items;
using Streaming.Training.NextItem;
using Xunit;

namespace Streaming.Training.Tests.NextItem;

/// <summary>The neighbours of the stream beside those of the evaluation: two programs, one meaning.</summary>
public sealed class EngineNeighbourTests
{
    /// <summary>Bounds that do not bind, but for k.</summary>
    private static readonly ItemIndexOptions Wide = new() { SessionsPerItem = 10_000 };
    private readonly ItemDictionary _ids = new();

    [Theory]
    [InlineData(1, 15)]
    [InlineData(2, 200)]
    [InlineData(3, 1)]
    public void Live_index_fed_the_same_sessions_scores_as_the_offline_one(ulong seed, int neighbours)
    {
        var log = SmallShop.Log(_ids, [.. SmallShop.Sessions(600, seed).Where(s => s.Split(' ').Distinct().Count() > 1)]);
        var settings = new NeighbourSettings
        {
            PrefixItems = 4, Neighbours = neighbours, SessionsPerItem = 10_000, PositionDecay = 0.4f, AgeDecay = 1.3f, MatchRarity = 0.75f, VoteRarity = 0.6f, LengthPower = 0.3f, SimilarityPower = 1.4f,
            ForwardDecay = 0.45f, BackwardDecay = 0.2f, BackwardWeight = 0.6f, SelfWeight = 0.35f,
        };
        using var live = new EngineNeighbourMethod(_ids, log, Wide, EngineNeighbourMethod.Serving(settings, log.Count) with { PerSource = 1000, MaxCandidates = 2000 });
        var offline = new NeighbourMethod("", new NeighbourIndex(log, new ItemCounts(log)), settings);
        var (expected, found, compared) = (new float[log.ItemCount], new float[log.ItemCount], 0);
        string[] odd = ["unheard-of\t1", "1 2 unheard-of\t1", "3 3 3 4 3\t1", "1 11 21 31 41 51 1 2\t1"];
        foreach (var prefix in SmallShop.Rows(SmallShop.Sessions(80, seed + 100)).Concat(odd).Select(Prefix))
        {
            offline.Score(prefix, expected);
            live.Score(prefix, found);
            var most = expected.Max();
            for (var item = 0; item < expected.Length; item++)
            {
                Assert.Equal(expected[item] > 0, !float.IsNaN(found[item]));
                if (!(expected[item] > 0)) continue;
                Assert.Equal(expected[item] / most, found[item], 1e-6f);
                compared++;
            }
        }

        Assert.True(compared > 500);
    }

    private int[] Prefix(string row) => [.. row.Split('\t')[0].Split(' ').Select(id => _ids.GetOrAdd(Encoding.UTF8.GetBytes(id)))];
}
