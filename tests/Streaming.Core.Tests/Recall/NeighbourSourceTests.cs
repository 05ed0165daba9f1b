using System.Text;
using CsCheck;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Tests.Items;
using Xunit;
using static Streaming.Core.Tests.Items.TestShop;

namespace Streaming.Core.Tests.Recall;

public sealed class NeighbourSourceTests
{
    private static readonly ItemIndexOptions Small = new() { SessionsPerItem = 6 };
    private static readonly RecallOptions Few = new() { Neighbours = 5, NeighbourItems = 4, MaxCandidates = 2000, PerSource = 1000, MinSupport = 1, NeighbourHalfLife = TimeSpan.FromHours(1) };
    /// <summary>All sessions alike but for what they share, so that ties decide who votes.</summary>
    private static readonly RecallOptions Alike = Few with
    {
        NeighbourClickDecay = 0, NeighbourMatchRarity = 0, NeighbourLengthPower = 0, NeighbourHalfLife = TimeSpan.FromDays(3653), NeighbourSimilarityPower = 0, NeighbourVoteRarity = 1,
        NeighbourBackwardWeight = 0,
    };
    private static readonly Gen<(int[][] Sessions, int[] Query)> Histories = Gen.Select(Gen.Int[0, 14].Array[1, 8].Array[0, 60], Gen.Int[0, 14].Array[0, 8]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_any_history_equal_brute_force(bool alike)
    {
        var recall = alike ? Alike : Few;
        Histories.Sample((sessions, query) =>
        {
            using var shop = new TestShop(Small, recall);
            shop.Learn([.. sessions.Select((s, n) => Views($"s{n}", (ulong)n + 1, At(n), [.. s.Select(Id)]))]);
            var found = shop.Source(shop.User(StartMs, [.. query.Select(i => (Id(i), EventType.View))]), StartMs, CandidateSource.SessionNeighbours);
            var expected = BruteForce(sessions, query, recall);
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
            foreach (var (id, score) in expected) Assert.Equal(score, found[id], 1e-5);
        }, iter: 400);
    }

    [Fact]
    public void Scores_more_sessions_than_vote_warm_allocate_nothing()
    {
        using var shop = new TestShop(recall: Few);
        shop.Learn([.. Enumerable.Range(0, 200).Select(n => Views($"s{n}", (ulong)n + 1, At(n), Id(n % 3), Id(n % 7), Id(n % 3), Id(7 + (n % 5))))]);
        var user = shop.User(StartMs, ("i0", EventType.View), ("i1", EventType.AddToCart), ("i2", EventType.View));
        var set = new CandidateSet();
        Assert.Equal(0, Allocations.LeastOf(5, () => { for (var i = 0; i < 100; i++) shop.Recommender.Collect(user, shop.Vectors, StartMs, set); }));
        Assert.NotEqual(0, set.Count);
    }

    [Fact]
    public void Scores_sessions_of_long_ago_still_vote()
    {
        using var shop = new TestShop(recall: Few);
        shop.Learn(Views("old", 1, StartMs - (3650 * DayMs), "a", "b"), Views("new", 2, StartMs, "x", "y"));
        Assert.Equal(["a", "b"], shop.Source(shop.User(StartMs, ("a", EventType.View)), StartMs, CandidateSource.SessionNeighbours).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Latest_items_count_the_clicks_after_them_and_no_second_one_for_what_is_put_into_the_cart()
    {
        using var shop = new TestShop();
        var mine = new UserItems();
        mine.Read(shop.User(StartMs, ("a", EventType.View), ("b", EventType.View), ("b", EventType.AddToCart), ("b", EventType.NotInterested), ("c", EventType.Purchase), ("c", EventType.View),
            ("b", EventType.View), ("b", EventType.View), ("b", EventType.AddToCart), ("b", EventType.Purchase)));
        Assert.Equal([shop.Number("b"), shop.Number("c"), shop.Number("a")], mine.Latest.ToArray());
        Assert.Equal([0, 2, 5], mine.LatestClicks.ToArray());
    }

    [Fact]
    public void Scores_any_order_of_arrival_are_the_same()
    {
        Histories.Sample((sessions, query) =>
        {
            var all = sessions.Select((s, n) => Views($"s{n}", (ulong)n + 1, At(n), [.. s.Select(Id)])).ToArray();
            using var forwards = new TestShop(Small, Few);
            using var backwards = new TestShop(Small, Few);
            forwards.Learn(all);
            backwards.Learn([.. all.Reverse()]);
            (string, EventType)[] actions = [.. query.Select(i => (Id(i), EventType.View))];
            Assert.Equal(forwards.Source(forwards.User(StartMs, actions), StartMs, CandidateSource.SessionNeighbours).OrderBy(p => p.Key),
                backwards.Source(backwards.User(StartMs, actions), StartMs, CandidateSource.SessionNeighbours).OrderBy(p => p.Key));
        }, iter: 200);
    }

    private static string Id(int item) => $"i{item}";

    /// <summary>Every second session ends at the time of the one before, so that the tie rule matters.</summary>
    private static long At(int n) => StartMs + (n / 2 * MinuteMs);

    private static Dictionary<string, double> BruteForce(int[][] sessions, int[] query, RecallOptions recall)
    {
        var kept = sessions.Select((s, n) => (Items: s, EndMs: At(n), Id: Hash64.Of(Encoding.UTF8.GetBytes($"s{n}")))).Where(s => s.Items.Distinct().Count() > 1)
            .OrderByDescending(s => s.EndMs).ThenByDescending(s => s.Id).ToList();
        var latest = query.Reverse().Distinct().Take(4).ToArray();
        var posted = latest.Select(item => kept.Where(s => s.Items.Contains(item)).Take(6).Select(s => s.Id).ToHashSet()).ToArray();
        var matches = latest.Select(item => MathF.Exp(-recall.NeighbourClickDecay * (query.Length - 1 - Array.LastIndexOf(query, item))) * MathF.Pow(Rarity(item), recall.NeighbourMatchRarity)).ToArray();
        var neighbours = kept.Select(s =>
        {
            var (similarity, first) = (0f, -1);
            for (var p = 0; p < latest.Length; p++)
            {
                if (!posted[p].Contains(s.Id)) continue;
                similarity += matches[p];
                if (first < 0) first = p;
            }

            var age = Math.Exp(-Math.Log(2) * (At(sessions.Length - 1) - s.EndMs) / recall.NeighbourHalfLife.TotalMilliseconds);
            return (s.Items, Similarity: similarity * ((float)age / MathF.Pow(s.Items.Length, recall.NeighbourLengthPower)), First: first);
        }).Where(s => s.First >= 0).OrderByDescending(s => s.Similarity).Take(5).ToList(); // stable: newest first among equals
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (items, similarity, first) in neighbours)
        {
            var shared = Array.LastIndexOf(items, latest[first]);
            for (var at = 0; at < items.Length; at++)
            {
                var weight = at > shared ? 1 / (1 + (recall.NeighbourForwardDecay * (at - shared - 1)))
                    : at < shared ? recall.NeighbourBackwardWeight / (1 + (recall.NeighbourBackwardDecay * (shared - at - 1))) : recall.NeighbourSelfWeight;
                if (weight > 0) scores[Id(items[at])] = scores.GetValueOrDefault(Id(items[at])) + (Math.Pow(similarity, recall.NeighbourSimilarityPower) * weight * Math.Pow(Rarity(items[at]), recall.NeighbourVoteRarity));
            }
        }

        var max = scores.Values.DefaultIfEmpty().Max();
        return scores.ToDictionary(s => s.Key, s => s.Value / max, StringComparer.Ordinal);

        float Rarity(int item) => MathF.Log(1 + ((float)kept.Count / Math.Max(1, kept.Count(s => s.Items.Contains(item)))));
    }
}
