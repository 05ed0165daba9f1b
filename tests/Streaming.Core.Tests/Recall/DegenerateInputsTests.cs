using Streaming.Contracts;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Score;
using Streaming.Core.Tests.Items;
using Xunit;
using static Streaming.Core.Tests.Items.TestShop;

namespace Streaming.Core.Tests.Recall;

/// <summary>Inputs at the edge: an answer, finite numbers, no exception.</summary>
public sealed class DegenerateInputsTests
{
    public static TheoryData<string> Cases =>
    [
        "empty history", "one event", "all events same item", "all same timestamp", "time going backwards", "absurd prices", "unknown item", "catalogue of one", "zero vector",
        "negative vector", "far future", "before 1970", "only refunds", "empty ids", "unknown types", "empty session",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Recommender_degenerate_input_answers_with_finite_numbers(string name)
    {
        using var shop = new TestShop();
        var user = Arrange(name, shop);
        foreach (var now in new[] { StartMs, 0, long.MaxValue / 4, -StartMs })
        {
            var set = shop.Collect(user, now);
            var rows = new float[set.Count * RankerFeatures.Count];
            shop.Recommender.WriteFeatures(user, shop.Vectors, now, set, rows);
            Assert.All(rows, value => Assert.True(float.IsFinite(value)));
            shop.Recommender.Blend(set);
            shop.Recommender.Rerank(user, now, set, 5);
            Assert.Equal(set.Count, set.Candidates.ToArray().DistinctBy(c => c.Item).Count());
            Assert.All(set.Candidates.ToArray(), c => Assert.True(float.IsFinite(c.Score)));
        }
    }

    [Fact]
    public void Index_of_a_million_events_of_one_user_stays_small()
    {
        using var shop = new TestShop(new ItemIndexOptions { MaxSessions = 1000, CapEntries = 4096 });
        for (var s = 0; s < 10_000; s++) shop.Index.Apply([Views($"s{s}", 666, StartMs + (s * 1000L), [.. Enumerable.Range(0, 100).Select(i => $"x{(s + i) % 300}")])]);
        Assert.Equal((300, 1000), (shop.Index.Stats.Items, shop.Index.Stats.Sessions));
    }

    private static UserState Arrange(string name, TestShop shop)
    {
        switch (name)
        {
            case "empty history":
                return shop.User(StartMs);
            case "one event":
                shop.Learn(Views("s", 1, StartMs, "a"));
                return shop.User(StartMs, ("a", EventType.View));
            case "all events same item":
                shop.Learn(Views("s", 1, StartMs, "a", "a", "a"));
                return shop.User(StartMs, ("a", EventType.View), ("a", EventType.View), ("a", EventType.Purchase));
            case "all same timestamp":
                for (var i = 0; i < 20; i++) shop.Learn(Views($"s{i}", 1, StartMs, "a", "b", $"c{i}"));
                return shop.User(StartMs, ("a", EventType.View));
            case "time going backwards":
                for (var i = 0; i < 20; i++) shop.Learn(Views($"s{i}", (ulong)i, StartMs - (i * DayMs), "a", $"c{i}"));
                return shop.User(StartMs, ("a", EventType.View));
            case "absurd prices":
                shop.Catalog(new CatalogItem { ItemId = "a", Price = 0 }, new CatalogItem { ItemId = "b", Price = -5 }, new CatalogItem { ItemId = "c", Price = decimal.MaxValue });
                return shop.User(StartMs, ("a", EventType.View), ("c", EventType.View));
            case "unknown item":
                shop.Catalog(new CatalogItem { ItemId = "a" });
                return shop.User(StartMs, ("never seen", EventType.View), ("never bought", EventType.Purchase));
            case "catalogue of one":
                shop.Catalog(new CatalogItem { ItemId = "a", Category = "c", GroupId = "g" });
                return shop.User(StartMs, ("a", EventType.Purchase));
            case "zero vector" or "negative vector":
                shop.Vectors.AddVersion("v", [("a"u8.ToArray(), new float[8]), ("b"u8.ToArray(), [1, 0, 0, 0, 0, 0, 0, 0])]);
                var user = shop.User(StartMs, ("a", EventType.View));
                user.Vectors = new float[24];
                if (name == "negative vector") user.Vectors[0] = -1e30f;
                user.Interests = [new Interest(8) { Weight = 0 }];
                user.InterestCount = 1;
                return user;
            case "far future" or "before 1970":
                shop.Learn(Views("s", 1, StartMs, "a", "b"), Views("t", 2, name == "far future" ? StartMs * 1000 : -StartMs * 1000, "a", "b", "c"), Views("u", 3, StartMs, "a", "c"));
                return shop.User(StartMs, ("a", EventType.View));
            case "only refunds":
                shop.Learn(Session("s", 1, StartMs, ("a", EventType.Refund), ("b", EventType.Refund)));
                return shop.User(StartMs, ("a", EventType.Refund));
            case "empty ids":
                shop.Learn(Views("", 0, StartMs, "", "", "a"));
                shop.Index.Apply([new CatalogChange("", new CatalogItem { ItemId = "" }), new CatalogChange("gone", null)]);
                return shop.User(StartMs, ("a", EventType.View));
            case "unknown types":
                shop.Index.Apply([new ClosedSession { SessionId = "s", UserHash = 1, StartMs = StartMs, EndMs = StartMs, Actions = [new SessionAction("a", "dance", StartMs)] }]);
                return shop.User(StartMs, ("a", EventType.NotInterested));
            default:
                shop.Learn(Views("s", 1, StartMs));
                return shop.User(StartMs);
        }
    }
}
