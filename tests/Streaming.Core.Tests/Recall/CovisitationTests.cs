using CsCheck;
using Streaming.Contracts;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Tests.Items;
using Xunit;
using static Streaming.Core.Tests.Items.TestShop;

namespace Streaming.Core.Tests.Recall;

public sealed class CovisitationTests
{
    [Fact]
    public void Covisitation_any_order_of_arrival_gives_the_same_scores()
    {
        var gen = Gen.Select(Gen.Select(Gen.Int[0, 9].Array[2, 6], Gen.Int[0, 200]).Array[1, 30], Gen.Int[0, 9].Array[1, 5]);
        gen.Sample((sessions, query) =>
        {
            var all = sessions.Select((s, n) => Views($"s{n}", (ulong)n + 1, StartMs + (s.Item2 * DayMs), [.. s.Item1.Select(i => $"i{i}")])).ToArray();
            var now = StartMs + (200 * DayMs);
            (string, EventType)[] actions = [.. query.Select(i => ($"i{i}", EventType.View))];
            var inOrder = Scores([.. all.OrderBy(s => s.EndMs)], actions, now);
            var backwards = Scores([.. all.OrderByDescending(s => s.EndMs)], actions, now);
            Assert.Equal(inOrder.Keys.Order(StringComparer.Ordinal), backwards.Keys.Order(StringComparer.Ordinal));
            foreach (var (item, score) in inOrder) Assert.Equal(score, backwards[item], 1e-4);
        }, iter: 200);
    }

    [Fact]
    public void Covisitation_half_life_halves_a_pair()
    {
        var options = new ItemIndexOptions { CovisitHalfLife = TimeSpan.FromDays(10), BackwardWeight = 0 };
        using var shop = new TestShop(options, new RecallOptions { MinSupport = 1, Shrinkage = 10_000 });
        shop.Learn(Views("old", 1, StartMs, "a", "old"), Views("new", 2, StartMs + (10 * DayMs), "a", "new"));
        var now = StartMs + (30 * DayMs);
        var scores = shop.Source(shop.User(now, ("a", EventType.View)), now, CandidateSource.CovisitView);
        Assert.Equal(1f, scores["new"]);
        Assert.Equal(0.5f, scores["old"], 0.001f);
    }

    [Fact]
    public void Covisitation_action_pairs_reach_their_source()
    {
        using var shop = new TestShop();
        shop.Learn(Session("s", 1, StartMs, ("viewed", EventType.View), ("carted", EventType.AddToCart), ("bought", EventType.Purchase), ("too", EventType.Purchase)));
        Assert.Equal(["carted"], shop.Source(shop.User(StartMs, ("viewed", EventType.View)), StartMs, CandidateSource.CovisitView).Keys);
        Assert.Equal(["bought", "too"], Keys(shop.Source(shop.User(StartMs, ("carted", EventType.AddToCart)), StartMs, CandidateSource.CovisitBuy)));
        Assert.Equal(["too"], shop.Source(shop.User(StartMs - (9 * DayMs), ("bought", EventType.Purchase)), StartMs, CandidateSource.CovisitBuy).Keys);
    }

    [Fact]
    public void Covisitation_same_user_same_day_counts_once_and_again_the_next_day()
    {
        using var shop = new TestShop(new ItemIndexOptions { BackwardWeight = 0 }, new RecallOptions { MinSupport = 1, Shrinkage = 10_000 });
        var day = StartMs / DayMs * DayMs;
        for (var i = 0; i < 20; i++) shop.Learn(Views($"one{i}", 1, day + (i * MinuteMs), "a", "often"));
        shop.Learn(Views("two", 2, day + (30 * MinuteMs), "a", "once"));
        var scores = shop.Source(shop.User(day, ("a", EventType.View)), day + DayMs, CandidateSource.CovisitView);
        Assert.Equal(scores["once"], scores["often"], 0.001f);
        shop.Learn(Views("one-next", 1, day + DayMs + MinuteMs, "a", "often"));
        scores = shop.Source(shop.User(day, ("a", EventType.View)), day + DayMs, CandidateSource.CovisitView);
        Assert.True(scores["once"] < 0.6f * scores["often"]);
    }

    [Fact]
    public void Covisitation_full_list_keeps_the_heavy_partners()
    {
        using var shop = new TestShop(new ItemIndexOptions { PartnersPerItem = 10, BackwardWeight = 0 });
        ulong user = 0;
        for (var i = 0; i < 300; i++)
        {
            shop.Learn(Views($"h{i}", ++user, StartMs + (i * MinuteMs), "hub", $"heavy{i % 3}"), Views($"n{i}", ++user, StartMs + (i * MinuteMs), "hub", $"noise{i}"));
        }

        var now = StartMs + (300 * MinuteMs);
        var scores = shop.Source(shop.User(now, ("hub", EventType.View)), now, CandidateSource.CovisitView);
        Assert.True(scores.Count <= 10);
        Assert.Equal(["heavy0", "heavy1", "heavy2"], scores.OrderByDescending(s => s.Value).Take(3).Select(s => s.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Covisitation_budget_of_a_day_stops_one_user()
    {
        using var shop = new TestShop(new ItemIndexOptions { PairsPerUserDay = 3, BackwardWeight = 0 });
        shop.Learn(Views("s", 1, StartMs, "a", "b", "c", "d", "e"));
        var pairs = new[] { "a", "b", "c", "d" }.Sum(item => shop.Source(shop.User(StartMs, (item, EventType.View)), StartMs, CandidateSource.CovisitView).Count);
        Assert.Equal(3, pairs);
    }

    private static Dictionary<string, float> Scores(ClosedSession[] sessions, (string, EventType)[] actions, long now)
    {
        using var shop = new TestShop();
        shop.Learn(sessions);
        return shop.Source(shop.User(now, actions), now, CandidateSource.CovisitView);
    }

    private static IEnumerable<string> Keys(Dictionary<string, float> scores) => scores.Keys.Order(StringComparer.Ordinal);
}
