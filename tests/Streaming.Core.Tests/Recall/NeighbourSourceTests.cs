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
    private static readonly RecallOptions Few = new() { Neighbours = 5, NeighbourItems = 4, MaxCandidates = 2000, PerSource = 1000, MinSupport = 1 };
    private static readonly Gen<(int[][] Sessions, int[] Query)> Histories = Gen.Select(Gen.Int[0, 14].Array[1, 8].Array[0, 60], Gen.Int[0, 14].Array[0, 8]);

    [Fact]
    public void Scores_any_history_equal_brute_force()
    {
        Histories.Sample((sessions, query) =>
        {
            using var shop = new TestShop(Small, Few);
            shop.Learn([.. sessions.Select((s, n) => Views($"s{n}", (ulong)n + 1, At(n), [.. s.Select(Id)]))]);
            var found = shop.Source(shop.User(StartMs, [.. query.Select(i => (Id(i), EventType.View))]), StartMs, CandidateSource.SessionNeighbours);
            var expected = BruteForce(sessions, query);
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
            foreach (var (id, score) in expected) Assert.Equal(score, found[id], 1e-4);
        }, iter: 400);
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

    private static Dictionary<string, float> BruteForce(int[][] sessions, int[] query)
    {
        var kept = sessions.Select((s, n) => (Items: s.Distinct().ToArray(), EndMs: At(n), Id: Hash64.Of(Encoding.UTF8.GetBytes($"s{n}")))).Where(s => s.Items.Length > 1)
            .OrderByDescending(s => s.EndMs).ThenByDescending(s => s.Id).ToList();
        var latest = query.Reverse().Distinct().Take(4).ToArray();
        var posted = latest.Select(item => kept.Where(s => s.Items.Contains(item)).Take(6).Select(s => s.Id).ToHashSet()).ToArray();
        var neighbours = kept.Select(s =>
        {
            var similarity = 0;
            var first = -1;
            for (var p = 0; p < latest.Length; p++)
            {
                if (!posted[p].Contains(s.Id)) continue;
                similarity += latest.Length - p;
                if (first < 0) first = p;
            }

            return (s.Items, Similarity: similarity, First: first);
        }).Where(s => s.First >= 0).OrderByDescending(s => s.Similarity).Take(5).ToList(); // stable: newest first among equals
        var scores = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var (items, similarity, first) in neighbours)
        {
            foreach (var item in items)
                scores[Id(item)] = scores.GetValueOrDefault(Id(item)) + ((float)similarity / latest.Length * (1 - (0.1f * first)) * MathF.Log(1 + ((float)kept.Count / kept.Count(s => s.Items.Contains(item)))));
        }

        var max = scores.Values.DefaultIfEmpty().Max();
        return scores.ToDictionary(s => s.Key, s => s.Value / max, StringComparer.Ordinal);
    }
}
