using Streaming.Contracts;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Xunit;
using static Streaming.Core.Tests.Items.TestShop;

namespace Streaming.Core.Tests.Items;

public sealed class ItemIndexTests
{
    [Fact]
    public void Apply_giant_session_is_dropped_whole()
    {
        using var shop = new TestShop();
        shop.Learn(Views("giant", 1, StartMs, [.. Enumerable.Range(0, 200).Select(i => $"g{i}")]));
        Assert.Equal((0, 0L, 1L), (shop.Index.Stats.Items, shop.Index.Stats.Learned, shop.Index.Stats.Dropped));
    }

    [Fact]
    public void Apply_same_session_twice_counts_once()
    {
        using var shop = new TestShop();
        shop.Learn(Views("s", 1, StartMs, "a", "b"), Views("s", 1, StartMs, "a", "b"));
        Assert.Equal((1, 1L, 1L), (shop.Index.Stats.Sessions, shop.Index.Stats.Learned, shop.Index.Stats.Dropped));
    }

    [Fact]
    public void Apply_one_user_all_day_moves_popularity_once()
    {
        using var shop = new TestShop();
        var day = StartMs / DayMs * DayMs;
        for (var i = 0; i < 100; i++) shop.Learn(Views($"bot{i}", 666, day + (i * MinuteMs), "bait", "target"));
        shop.Learn(Views("x", 1, day + (200 * MinuteMs), "honest"), Views("y", 2, day + (201 * MinuteMs), "honest"));
        Assert.Equal("honest", shop.Recommend(shop.User(day), day + DayMs, 3)[0]);
    }

    [Fact]
    public void Apply_one_user_alone_recommends_nothing_together_to_others()
    {
        using var shop = new TestShop(recall: new RecallOptions { MinSupport = 2 });
        for (var i = 0; i < 50; i++) shop.Learn(Views($"bot{i}", 666, StartMs + (i * DayMs), "bait", "target"));
        var now = StartMs + (50 * DayMs);
        Assert.Empty(shop.Source(shop.User(now, ("bait", EventType.View)), now, CandidateSource.CovisitView));
        shop.Learn(Views("other", 7, now, "bait", "target"));
        Assert.Equal(["target"], shop.Source(shop.User(now, ("bait", EventType.View)), now, CandidateSource.CovisitView).Keys);
    }

    [Fact]
    public void Apply_beyond_bounds_forgets_the_oldest()
    {
        using var shop = new TestShop(new ItemIndexOptions { MaxItems = 64, MaxSessions = 10, SessionsPerItem = 4, PartnersPerItem = 5, CapEntries = 1024 });
        for (var i = 0; i < 2000; i++) shop.Learn(Views($"s{i}", (ulong)i, StartMs + (i * MinuteMs), "hub", $"a{i}", $"b{i}"));
        Assert.True(shop.Index.Stats.Items <= 64);
        Assert.Equal(10, shop.Index.Stats.Sessions);
        var now = StartMs + (2000 * MinuteMs);
        var user = shop.User(now, ("hub", EventType.View));
        var neighbours = shop.Source(user, now, CandidateSource.SessionNeighbours).Keys;
        Assert.Equal(["a1996", "a1997", "a1998", "a1999", "b1996", "b1997", "b1998", "b1999", "hub"], neighbours.Order(StringComparer.Ordinal));
        Assert.True(shop.Source(user, now, CandidateSource.CovisitView).Count <= 5);
    }

    [Fact]
    public void Erasure_forgets_the_sessions_of_before_of_that_user_only()
    {
        using var shop = new TestShop();
        shop.Learn(Views("s1", 1, StartMs, "a", "b"), Views("s2", 2, StartMs + 1, "a", "c"));
        shop.Learn(new ClosedSession { SessionId = "e-0-7", UserHash = 1, StartMs = StartMs + 2, EndMs = StartMs + 2, Actions = [], Erased = true });
        Assert.Equal(1, shop.Index.Stats.Sessions);
        Assert.Equal(["a", "c"], shop.Source(shop.User(StartMs, ("a", EventType.View)), StartMs, CandidateSource.SessionNeighbours).Keys.Order(StringComparer.Ordinal));
        shop.Learn(Views("s3", 1, StartMs + 3, "a", "d"));
        Assert.Equal(2, shop.Index.Stats.Sessions);
    }

    [Fact]
    public void Session_keeps_its_clicks_in_order_with_those_made_again()
    {
        using var shop = new TestShop();
        shop.Learn(Session("s", 1, StartMs, ("a", EventType.View), ("b", EventType.View), ("b", EventType.AddToCart), ("b", EventType.View), ("a", EventType.View), ("a", EventType.Purchase), ("b", EventType.Purchase)));
        Assert.Equal(["a", "b", "b", "a", "b"], shop.Index.Neighbours.Items(0).ToArray().Select(shop.Items.Text));
        Assert.Equal((StartMs, 5), shop.Index.Neighbours.EndAndClicks(0));
    }

    [Fact]
    public void Session_that_goes_is_counted_once_for_an_item_clicked_again()
    {
        using var shop = new TestShop(new ItemIndexOptions { MaxSessions = 2 });
        shop.Learn(Views("s0", 1, StartMs, "a", "b", "a", "a"), Views("s1", 2, StartMs + 1, "a", "c"));
        var (store, a) = (shop.Index.Neighbours, shop.Number("a"));
        Assert.Equal((2, 2), (store.SessionsWith(a), shop.Index.Entry(a)!.PostingCount));
        shop.Learn(Views("s2", 3, StartMs + 2, "x", "y"));
        Assert.Equal((1, 1), (store.SessionsWith(a), shop.Index.Entry(a)!.PostingCount));
    }

    [Fact]
    public void Catalog_removed_or_out_of_stock_item_is_never_recommended()
    {
        using var shop = new TestShop();
        shop.Learn(Views("s1", 1, StartMs, "a", "b", "c"), Views("s2", 2, StartMs, "a", "b", "c"));
        shop.Catalog(new CatalogItem { ItemId = "a" }, new CatalogItem { ItemId = "b", InStock = false }, new CatalogItem { ItemId = "c" }, new CatalogItem { ItemId = "d" });
        var user = shop.User(StartMs);
        Assert.Equal(["a", "c", "d"], shop.Recommend(user, StartMs, 4).Order(StringComparer.Ordinal));
        shop.Index.Apply([new CatalogChange("c", null)]);
        Assert.Equal(["a", "d"], shop.Recommend(user, StartMs, 4));
        Assert.Equal(3, shop.Index.Stats.CatalogItems);
    }

    [Fact]
    public void Trending_sudden_demand_begins_and_ends()
    {
        using var shop = new TestShop();
        ulong user = 0;
        for (var day = 0; day < 40; day++)
        {
            for (var i = 0; i < 60; i++) shop.Learn(Views($"d{day}-{i}", ++user, StartMs + (day * DayMs) + (i * MinuteMs), $"x{i % 3}", $"y{i % 5}"));
            if (day == 30)
            {
                for (var i = 0; i < 60; i++) shop.Learn(Views($"hot{i}", ++user, StartMs + (day * DayMs) + ((60 + i) * MinuteMs), "hot"));
                var now = StartMs + (day * DayMs) + (120 * MinuteMs);
                Assert.Equal(["hot"], shop.Source(shop.User(now), now, CandidateSource.Trending).Keys);
            }
        }

        var end = StartMs + (40 * DayMs);
        Assert.Empty(shop.Source(shop.User(end), end, CandidateSource.Trending));
    }

    [Fact]
    public async Task Apply_while_others_read_gives_every_reader_whole_answers()
    {
        using var shop = new TestShop(new ItemIndexOptions { MaxItems = 200, MaxSessions = 100, SessionsPerItem = 10 });
        shop.Catalog([.. Enumerable.Range(0, 40).Select(i => new CatalogItem { ItemId = $"i{i}", Category = $"c{i % 3}" })]);
        var user = shop.User(StartMs, [.. Enumerable.Range(0, 20).Select(i => ($"i{i}", i % 2 == 0 ? EventType.View : EventType.Purchase))]);
        var written = false;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var recommender = new Recommender(shop.Index, new RecallOptions(), new Core.Rerank.RerankOptions());
            var set = new CandidateSet();
            var answers = 0;
            while (!Volatile.Read(ref written) || answers < 10)
            {
                recommender.Collect(user, shop.Vectors, StartMs, set);
                recommender.Blend(set);
                recommender.Rerank(user, StartMs, set, 10);
                Assert.Equal(10, set.Count);
                answers++;
            }
        }, TestContext.Current.CancellationToken)).ToArray();
        for (var i = 0; i < 3000; i++) shop.Index.Apply([Session($"s{i}", (ulong)i, StartMs + i, ($"i{i % 40}", EventType.View), ($"i{i * 7 % 300}", EventType.AddToCart), ($"i{i * 3 % 40}", EventType.Purchase))]);
        Volatile.Write(ref written, true);
        await Task.WhenAll(readers);
    }

    [Fact]
    public void Clear_forgets_everything()
    {
        using var shop = new TestShop();
        shop.Learn(Views("s1", 1, StartMs, "a", "b"));
        shop.Catalog(new CatalogItem { ItemId = "a" });
        shop.Index.Clear();
        Assert.Equal(default, shop.Index.Stats);
        Assert.Empty(shop.Recommend(shop.User(StartMs), StartMs, 5));
    }

    [Fact]
    public void Validate_names_every_bad_option()
    {
        Assert.Empty(new ItemIndexOptions().Validate());
        var bad = new ItemIndexOptions
        {
            MaxItems = 0, MaxSessions = 0, MaxSessionActions = 0, SessionsPerItem = 0, PartnersPerItem = 0, CovisitWindow = 0, BackwardWeight = float.NaN, CovisitHalfLife = TimeSpan.Zero,
            PopularHalfLife = TimeSpan.Zero, PopularShortHalfLife = TimeSpan.Zero, ViewWeight = -1, CartWeight = float.NaN, BuyWeight = -1, TrendOn = float.NaN, TrendOff = -1,
            TrendMinUsers = 0, PairsPerUserDay = 0, CapEntries = 0, PopularLength = 0, PopularPerCategory = 0, TrendingLength = 0,
        };
        var names = typeof(ItemIndexOptions).GetProperties().Where(p => p.CanWrite).Select(p => p.Name);
        Assert.Equal(names.Order(StringComparer.Ordinal), bad.Validate().Select(e => e.Split(' ')[0]).Order(StringComparer.Ordinal));
    }
}
