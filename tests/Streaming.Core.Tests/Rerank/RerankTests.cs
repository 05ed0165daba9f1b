using CsCheck;
using Streaming.Contracts;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Rerank;
using Streaming.Core.Tests.Items;
using Xunit;
using static Streaming.Core.Tests.Items.TestShop;

namespace Streaming.Core.Tests.Rerank;

public sealed class RerankTests
{
    /// <summary>Item, score (6 and above: not finite), whether excluded, bought, and impressions.</summary>
    private static readonly Gen<(int Item, int Score)[]> Lists = Gen.Select(Gen.Int[0, 59], Gen.Int[-3, 8]).Array[0, 80];

    private static readonly Gen<(int[] Excluded, int[] Bought, int[] Seen, int[] Impressions)> Users =
        Gen.Select(Gen.Int[0, 59].Array[0, 20], Gen.Int[0, 59].Array[0, 20], Gen.Int[0, 59].Array[0, 20], Gen.Int[0, 59].Array[0, 20]);

    [Fact]
    public void Rerank_any_input_keeps_its_promises()
    {
        Gen.Select(Lists, Users, Gen.Int[1, 30], Gen.Bool, Gen.Bool).Sample((list, profile, count, rebuy, hideSeen) =>
        {
            using var shop = Shop(new RerankOptions { AllowRebuy = rebuy, HideSeen = hideSeen, MaxPerCategory = 4 });
            var user = User(shop, profile);
            var set = Set(shop, list);
            shop.Recommender.Rerank(user, StartMs, set, count);
            var texts = shop.Texts(set);
            Assert.Equal(texts.Count, texts.Distinct().Count());
            Assert.DoesNotContain(texts, t => profile.Excluded.Any(e => $"i{e}" == t));
            Assert.DoesNotContain(texts, t => t.EndsWith('9')); // out of stock
            Assert.DoesNotContain(texts, t => t is "i58" or "i57"); // not in the catalogue
            Assert.Equal(count, texts.Count); // the catalogue has enough, and soft filters give way before a list comes short
            var unwanted = (rebuy ? 0 : profile.Bought.Distinct().Count()) + (hideSeen ? 20 : 0);
            if (unwanted + profile.Excluded.Distinct().Count() + 8 + count <= 60 && !rebuy) Assert.DoesNotContain(texts, t => profile.Bought.Any(b => $"i{b}" == t));
            Assert.All(set.Candidates.ToArray(), c => Assert.True(float.IsFinite(c.Score)));
        }, iter: 300);
    }

    [Fact]
    public void Rerank_any_order_of_candidates_gives_the_same_list()
    {
        Gen.Select(Lists, Users, Gen.Int[1, 30]).Sample((list, profile, count) =>
        {
            var unique = list.DistinctBy(c => c.Item).ToArray();
            using var shop = Shop(new RerankOptions());
            var user = User(shop, profile);
            var one = Set(shop, unique);
            var two = Set(shop, [.. unique.Reverse()]);
            shop.Recommender.Rerank(user, StartMs, one, count);
            shop.Recommender.Rerank(user, StartMs, two, count);
            Assert.Equal(shop.Texts(one), shop.Texts(two));
            Assert.Equal(one.Degraded, two.Degraded);
        }, iter: 300);
    }

    [Fact]
    public void Rerank_scores_order_ties_by_id_and_nan_last()
    {
        using var shop = Shop(new RerankOptions());
        var set = Set(shop, [(5, 1), (3, 7), (4, 1), (1, -2), (6, 2)]); // 7 is NaN
        shop.Recommender.Rerank(shop.User(StartMs), StartMs, set, 5);
        Assert.Equal(["i6", "i4", "i5", "i1", "i3"], shop.Texts(set));
        Assert.Null(set.Degraded);
        Assert.Equal(-2, set.Candidates[4].Score);
    }

    [Fact]
    public void Rerank_too_few_candidates_fills_up_and_says_so()
    {
        using var shop = Shop(new RerankOptions());
        var set = Set(shop, [(5, 1)]);
        shop.Recommender.Rerank(shop.User(StartMs), StartMs, set, 10);
        Assert.Equal(10, set.Count);
        Assert.Equal("i5", shop.Texts(set)[0]);
        Assert.Equal("too_few_candidates", set.Degraded);
    }

    [Fact]
    public void Rerank_earlier_cause_of_degradation_stays()
    {
        using var shop = Shop(new RerankOptions());
        var set = Set(shop, []);
        set.Degraded = "no_model";
        shop.Recommender.Rerank(shop.User(StartMs), StartMs, set, 10);
        Assert.Equal("no_model", set.Degraded);
    }

    [Fact]
    public void Rerank_category_cap_holds_and_gives_way_before_the_list_comes_short()
    {
        using var shop = Shop(new RerankOptions { MaxPerCategory = 2 });
        var set = Set(shop, [.. Enumerable.Range(0, 60).Where(i => i % 10 < 4).Select(i => (i, 5 - (i % 10)))]);
        shop.Recommender.Rerank(shop.User(StartMs), StartMs, set, 8);
        Assert.All(shop.Texts(set).GroupBy(t => t[^1]), g => Assert.Equal(2, g.Count()));

        var one = Set(shop, [.. Enumerable.Range(0, 6).Select(i => (i * 10, 1))]);
        shop.Recommender.Rerank(shop.User(StartMs), StartMs, one, 6);
        Assert.All(shop.Texts(one), t => Assert.EndsWith("0", t, StringComparison.Ordinal));
        Assert.Null(one.Degraded);
    }

    [Fact]
    public void Rerank_variants_of_one_product_show_once()
    {
        using var shop = new TestShop();
        shop.Catalog(new CatalogItem { ItemId = "red", GroupId = "shirt" }, new CatalogItem { ItemId = "blue", GroupId = "shirt" }, new CatalogItem { ItemId = "cup" });
        var set = new CandidateSet();
        set.Add(shop.Number("red")).Score = 3;
        set.Add(shop.Number("blue")).Score = 2;
        set.Add(shop.Number("cup")).Score = 1;
        shop.Recommender.Rerank(shop.User(StartMs), StartMs, set, 2);
        Assert.Equal(["red", "cup"], shop.Texts(set));
    }

    [Fact]
    public void Rerank_impressions_discount_and_recover()
    {
        using var shop = Shop(new RerankOptions());
        var user = shop.User(StartMs);
        for (var i = 0; i < 5; i++) ItemLists.AddImpression(user, shop.Number("i1"), StartMs, 64);
        var tired = Set(shop, [(1, 3), (2, 2)]);
        shop.Recommender.Rerank(user, StartMs, tired, 2);
        Assert.Equal(["i2", "i1"], shop.Texts(tired));
        Assert.Equal(3 * MathF.Pow(0.85f, 5), tired.Candidates[1].Score, 1e-4f);
        var later = Set(shop, [(1, 3), (2, 2)]);
        shop.Recommender.Rerank(user, StartMs + (30 * DayMs), later, 2);
        Assert.Equal(["i1", "i2"], shop.Texts(later));

        var negative = Set(shop, [(1, -2), (2, -2)]);
        shop.Recommender.Rerank(user, StartMs, negative, 2);
        Assert.Equal(["i2", "i1"], shop.Texts(negative));
    }

    [Fact]
    public void Rerank_bought_item_comes_back_after_the_pause()
    {
        using var shop = Shop(new RerankOptions { RebuyAfter = TimeSpan.FromDays(3) });
        var user = shop.User(StartMs, ("i1", EventType.Purchase));
        var soon = Set(shop, [(1, 5), (2, 1)]);
        shop.Recommender.Rerank(user, StartMs + DayMs, soon, 1);
        Assert.Equal(["i2"], shop.Texts(soon));
        var later = Set(shop, [(1, 5), (2, 1)]);
        shop.Recommender.Rerank(user, StartMs + (4 * DayMs), later, 1);
        Assert.Equal(["i1"], shop.Texts(later));
    }

    [Fact]
    public void ReasonCodes_every_source_has_its_own()
    {
        var sources = Enum.GetValues<CandidateSource>();
        Assert.Equal(Candidate.SourceCount, sources.Length);
        Assert.Equal(["sessions_like_yours", "because_viewed", "bought_together", "near_your_interests", "popular_now", "trending_now", "buy_again"], sources.Select(ReasonCodes.Reason));
        Assert.Equal(["session_neighbours", "covisit_view", "covisit_buy", "nearest", "popular", "trending", "repeat"], sources.Select(ReasonCodes.WireName));
    }

    /// <summary>60 items i0 to i59 in ten categories by last digit; those ending in 9 are out of stock; i57 and i58 are in no catalogue.</summary>
    private static TestShop Shop(RerankOptions options)
    {
        var shop = new TestShop(rerank: options);
        shop.Learn(Views("s1", 1, StartMs - DayMs, "i10", "i11", "i57"), Views("s2", 2, StartMs - DayMs, "i10", "i58"));
        shop.Catalog([.. Enumerable.Range(0, 57).Append(59).Concat(Enumerable.Range(60, 60)).Where(i => i < 60 || i % 10 != 9)
            .Select(i => new CatalogItem { ItemId = $"i{i}", Category = $"c{i % 10}", InStock = i % 10 != 9 })]);
        return shop;
    }

    private static UserState User(TestShop shop, (int[] Excluded, int[] Bought, int[] Seen, int[] Impressions) profile)
    {
        var user = shop.User(StartMs, [.. profile.Bought.Select(b => ($"i{b}", EventType.Purchase)), .. profile.Seen.Select(s => ($"i{s}", EventType.View)),
            .. profile.Excluded.Select(e => ($"i{e}", EventType.NotInterested))]);
        foreach (var i in profile.Impressions) ItemLists.AddImpression(user, shop.Number($"i{i}"), StartMs, 64);
        return user;
    }

    private static CandidateSet Set(TestShop shop, IEnumerable<(int Item, int Score)> list)
    {
        var set = new CandidateSet();
        foreach (var (item, score) in list)
        {
            ref var candidate = ref set.Add(shop.Number($"i{item}"));
            candidate.Score = score switch { 7 => float.NaN, 8 => float.PositiveInfinity, _ => score };
        }

        return set;
    }
}
