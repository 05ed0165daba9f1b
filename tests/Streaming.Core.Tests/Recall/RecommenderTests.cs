using CsCheck;
using Streaming.Contracts;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Score;
using Streaming.Core.Tests.Items;
using Xunit;
using static Streaming.Core.Tests.Items.TestShop;

namespace Streaming.Core.Tests.Recall;

public sealed class RecommenderTests
{
    private static readonly EventType[] Types = [EventType.View, EventType.AddToCart, EventType.Purchase, EventType.RemoveFromCart, EventType.Wishlist];

    private static readonly Gen<((int Item, int Type)[][] Sessions, (int Item, int Type)[] Mine)> Shops =
        Gen.Select(Gen.Select(Gen.Int[0, 40], Gen.Int[0, 4]).Array[1, 10].Array[0, 50], Gen.Select(Gen.Int[0, 45], Gen.Int[0, 4]).Array[0, 40]);

    [Fact]
    public void Collect_any_shop_gives_unique_scaled_explained_candidates()
    {
        Shops.Sample((sessions, mine) =>
        {
            using var shop = Filled(sessions, recall: new RecallOptions { MinSupport = 1, PerSource = 7, MaxCandidates = 25 });
            var user = Profile(shop, mine);
            var set = shop.Collect(user, Now);
            var seen = new HashSet<int>();
            Assert.True(set.Count <= 25);
            foreach (var c in set.Candidates)
            {
                Assert.True(seen.Add(c.Item));
                var highest = 0f;
                for (var s = 0; s < Candidate.SourceCount; s++)
                {
                    Assert.InRange(c.Scores[s], 0f, 1f);
                    Assert.Equal((c.Sources & (1 << s)) != 0, c.Scores[s] > 0);
                    highest = Math.Max(highest, c.Scores[s]);
                }

                Assert.Equal(highest, c.Scores[(int)c.Main]);
                AssertTrue(c, user);
            }

            for (var s = 0; s < Candidate.SourceCount; s++)
            {
                var source = s;
                Assert.True(set.Candidates.ToArray().Count(c => (c.Sources & (1 << source)) != 0) <= 7);
            }
        }, iter: 200);
    }

    [Fact]
    public void Recommend_any_numbering_of_items_gives_the_same_list()
    {
        Shops.Sample((sessions, mine) =>
        {
            using var one = Filled(sessions);
            using var two = Filled(sessions, numberFirst: Enumerable.Range(0, 46).OrderBy(i => i * 17 % 46).Select(i => $"i{i}"));
            Assert.Equal(one.Recommend(Profile(one, mine), Now, 20), two.Recommend(Profile(two, mine), Now, 20));
        }, iter: 200);
    }

    [Fact]
    public void WriteFeatures_any_shop_is_finite_and_repeatable()
    {
        Shops.Sample((sessions, mine) =>
        {
            using var shop = Filled(sessions);
            var user = Profile(shop, mine);
            var set = shop.Collect(user, Now);
            var rows = new float[set.Count * RankerFeatures.Count];
            Array.Fill(rows, float.NaN);
            shop.Recommender.WriteFeatures(user, shop.Vectors, Now, set, rows);
            Assert.All(rows, value => Assert.True(float.IsFinite(value)));
            var again = new float[rows.Length];
            shop.Recommender.WriteFeatures(user, shop.Vectors, Now, set, again);
            Assert.Equal(rows, again);
        }, iter: 100);
    }

    [Fact]
    public void WriteFeatures_columns_say_what_their_names_say()
    {
        using var shop = new TestShop();
        shop.Vectors.AddVersion("v", [("a"u8.ToArray(), [1, 0, 0, 0, 0, 0, 0, 0])]);
        shop.Catalog(new CatalogItem { ItemId = "a", Category = "c", Price = 9, AvailableFromMs = StartMs });
        var user = shop.User(StartMs, ("a", EventType.View), ("a", EventType.View), ("a", EventType.AddToCart), ("a", EventType.Purchase));
        user.Vectors = new float[24];
        user.Vectors[0] = 3;
        user.Vectors[8 + 1] = 2;
        var now = StartMs + (2 * DayMs);
        var set = new CandidateSet();
        ref var candidate = ref set.Add(shop.Number("a"));
        candidate.Scores[(int)CandidateSource.Repeat] = 0.5f;
        candidate.Sources = 1 << (int)CandidateSource.Repeat;
        var row = new float[RankerFeatures.Count];
        shop.Recommender.WriteFeatures(user, shop.Vectors, now, set, row);
        var named = RankerFeatures.Names.Zip(row).ToDictionary(p => p.First, p => p.Second);
        Assert.Equal((1f, 0f, 0f), (named["cos_short"], named["cos_medium"], named["cos_long"]));
        Assert.Equal((0.5f, 1f), (named["src_repeat"], named["src_count"]));
        Assert.Equal((2f, 1f, 1f), (named["pair_views"], named["pair_carts"], named["pair_purchases"]));
        Assert.Equal(MathF.Log(3), named["pair_days_since_purchase_log"], 1e-5f);
        Assert.Equal(MathF.Log(1 + (2 * 1440)), named["pair_minutes_since_action_log"], 1e-4f);
        Assert.Equal((MathF.Log(10), 1f, 0f, 1f), (named["item_log_price"], named["item_has_vector"], named["pair_price_ratio_log"], named["pair_same_category_share"]));
        Assert.Equal(MathF.Log(3), named["item_age_days_log"], 1e-5f);
        Assert.Equal(1f, named["user_ring_distinct"]);
    }

    [Fact]
    public void Collect_nearest_names_the_item_of_the_user_that_lies_closest()
    {
        using var shop = new TestShop();
        shop.Vectors.AddVersion("v", [("a"u8.ToArray(), [1, 0, 0, 0, 0, 0, 0, 0]), ("b"u8.ToArray(), [0, 1, 0, 0, 0, 0, 0, 0]), ("like-a"u8.ToArray(), [5, 1, 0, 0, 0, 0, 0, 0])]);
        var user = shop.User(StartMs, ("a", EventType.View), ("b", EventType.View));
        user.Vectors = new float[24];
        user.Vectors[0] = user.Vectors[1] = 1;
        var found = shop.Collect(user, StartMs).Candidates.ToArray().Single(c => c.Item == shop.Number("like-a"));
        Assert.Equal((CandidateSource.Nearest, shop.Number("a")), (found.Main, found.Because));
    }

    [Fact]
    public void Collect_late_asks_every_source_but_the_pass_over_all_vectors()
    {
        using var shop = Filled([.. Enumerable.Range(0, 60).Select(s => Enumerable.Range(0, 6).Select(i => ((s * 7 + i * 5) % 40, i % 3)).ToArray())]);
        var user = Profile(shop, [.. Enumerable.Range(0, 30).Select(i => (i, i % 3))]);
        var set = new CandidateSet();
        shop.Recommender.Collect(user, shop.Vectors, Now, set);
        var inTime = Sources(set);
        shop.Recommender.Collect(user, shop.Vectors, Now, set, isLate: true);
        Assert.Contains(CandidateSource.Nearest, inTime);
        Assert.Equal(inTime.Where(s => s != CandidateSource.Nearest), Sources(set));

        static CandidateSource[] Sources(CandidateSet set) =>
            [.. Enum.GetValues<CandidateSource>().Where(s => set.Candidates.ToArray().Any(c => (c.Sources & (1 << (int)s)) != 0))];
    }

    [Fact]
    public void Collect_warm_allocates_nothing()
    {
        using var shop = Filled([.. Enumerable.Range(0, 60).Select(s => Enumerable.Range(0, 6).Select(i => ((s * 7 + i * 5) % 40, i % 3)).ToArray())]);
        var user = Profile(shop, [.. Enumerable.Range(0, 30).Select(i => (i, i % 3))]);
        var set = new CandidateSet();
        var rows = new float[400 * RankerFeatures.Count];
        Once();
        Once();
        Assert.Equal(0, Allocations.LeastOf(5, () => { for (var i = 0; i < 100; i++) Once(); }));

        void Once()
        {
            shop.Recommender.Collect(user, shop.Vectors, Now, set);
            shop.Recommender.WriteFeatures(user, shop.Vectors, Now, set, rows);
            shop.Recommender.Blend(set);
            shop.Recommender.Rerank(user, Now, set, 20);
        }
    }

    [Fact]
    public void Validate_names_every_bad_option()
    {
        Assert.Empty(new RecallOptions().Validate());
        Assert.Empty(new RerankOptions().Validate());
        var recall = new RecallOptions
        {
            PerSource = 0, MaxCandidates = 0, NeighbourItems = 0, Neighbours = 0, ViewSeeds = 0, BuySeeds = 0, MinSupport = 0, Shrinkage = float.NaN, RepeatHalfLife = TimeSpan.Zero,
            InterestHalfLife = TimeSpan.Zero, BlendWeights = [1], NeighbourClickDecay = -1, NeighbourMatchRarity = float.NaN, NeighbourVoteRarity = 5, NeighbourLengthPower = -1,
            NeighbourHalfLife = TimeSpan.Zero, NeighbourSimilarityPower = 9, NeighbourForwardDecay = float.PositiveInfinity, NeighbourBackwardDecay = -1, NeighbourBackwardWeight = 11, NeighbourSelfWeight = -1,
        };
        Assert.Equal(typeof(RecallOptions).GetProperties().Where(p => p.CanWrite).Select(p => p.Name).Order(StringComparer.Ordinal),
            recall.Validate().Select(e => e.Split(' ')[0]).Order(StringComparer.Ordinal));
        var rerank = new RerankOptions { RebuyAfter = TimeSpan.FromDays(-1), MaxPerCategory = -1, MaxPerGroup = -1, FatiguePerImpression = 0, FatigueRecovery = TimeSpan.Zero };
        Assert.Equal(5, rerank.Validate().Count());
    }

    private static long Now => StartMs + (60 * DayMs);

    private static TestShop Filled((int Item, int Type)[][] sessions, RecallOptions? recall = null, IEnumerable<string>? numberFirst = null)
    {
        var shop = new TestShop(recall: recall, rerank: new RerankOptions { MaxPerCategory = 3 }, numberFirst: numberFirst);
        shop.Learn([.. sessions.Select((s, n) => Session($"s{n}", (ulong)(n % 20) + 1, StartMs + (n * DayMs), [.. s.Select(a => ($"i{a.Item}", Types[a.Type]))]))]);
        shop.Catalog([.. Enumerable.Range(0, 46).Select(i => new CatalogItem { ItemId = $"i{i}", Category = i % 5 == 0 ? null : $"c{i % 5}", Price = i, GroupId = i % 7 == 0 ? "g" : null })]);
        shop.Vectors.AddVersion("v", Enumerable.Range(0, 30).Select(i => (System.Text.Encoding.UTF8.GetBytes($"i{i}"), Vector(i))));
        return shop;
    }

    private static float[] Vector(int i) => [.. Enumerable.Range(0, 8).Select(d => (float)(((i * 31) + (d * 17)) % 11) - 5)];

    private static UserState Profile(TestShop shop, (int Item, int Type)[] mine)
    {
        var user = shop.User(StartMs + (50 * DayMs), [.. mine.Select(a => ($"i{a.Item}", Types[a.Type]))]);
        user.Vectors = new float[24];
        foreach (var (item, _) in mine)
        {
            if (item >= 30) continue;
            for (var d = 0; d < 24; d++) user.Vectors[d] += Vector(item)[d % 8];
        }

        return user;
    }

    private static void AssertTrue(in Candidate c, UserState user)
    {
        if (c.Main is CandidateSource.Popular or CandidateSource.Trending)
        {
            Assert.Equal(-1, c.Because);
            return;
        }

        if (c.Main == CandidateSource.Nearest && c.Because < 0) return; // nothing of the ring has a vector on that side
        if (c.Main == CandidateSource.SessionNeighbours && c.Because < 0)
        {
            var item = c.Item;
            Assert.Contains(user.Ring.Take(user.RingCount), e => e.Item == item); // its neighbours share nothing nearer than the item itself
            return;
        }

        Assert.True(c.Main == CandidateSource.Repeat || c.Because != c.Item);
        var because = c.Because;
        Assert.True(user.Ring.Take(user.RingCount).Any(e => e.Item == because) || user.Bought.Take(user.BoughtCount).Any(b => b.Item == because));
    }
}
