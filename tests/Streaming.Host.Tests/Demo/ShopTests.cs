using System.Text.Json;
using Streaming.Contracts;
using Streaming.Host.Demo.Shop;
using Xunit;

namespace Streaming.Host.Tests.Demo;

public sealed class ShopTests
{
    private const long NowMs = 1_800_000_000_000;

    [Fact]
    public void Catalogue_has_about_five_hundred_distinct_products_with_a_price()
    {
        var catalogue = new Catalogue(1);
        Assert.InRange(catalogue.Products.Count, 400, 600);
        Assert.Equal(catalogue.Products.Count, catalogue.Products.Select(p => p.Id).Distinct().Count());
        Assert.All(catalogue.Products, p => Assert.InRange(p.Price, 0.95m, 1000m));
        Assert.All(catalogue.Products, p => Assert.Equal(p.Category, catalogue.Companion(p, new Random(1)).Category));
    }

    [Fact]
    public void Traffic_same_seed_gives_the_same_events() => Assert.Equal(Run(7, 2000), Run(7, 2000));

    [Fact]
    public void Traffic_another_seed_gives_other_events() => Assert.NotEqual(Run(7, 200), Run(8, 200));

    [Fact]
    public void Traffic_has_every_kind_of_visitor_action()
    {
        var shop = new ShopTraffic(new ShopOptions());
        var seen = new HashSet<string>();
        for (var i = 0; i < 20_000; i++)
        {
            var record = shop.Next(NowMs + i);
            seen.Add(record.What);
            if (record.What == "broken") continue;
            using var json = JsonDocument.Parse(record.Value);
            var root = json.RootElement;
            Assert.Equal(record.What, root.GetProperty("type").GetString());
            var owner = root.GetProperty("type").GetString() == "identify" || !root.TryGetProperty("userId", out var user) ? root.GetProperty("anonymousId") : user;
            Assert.Equal(record.Key, owner.GetString());
            if (i % 50 == 0 && record.ItemId is not null) shop.Offer(record.Key, new Offer("r" + i, [.. shop.Catalogue.Products.Take(8).Select(p => p.Id)]));
        }

        string[] expected = ["view", "click", "search", "impression", "add_to_cart", "remove_from_cart", "wishlist", "purchase", "rating", "identify", "not_interested", "broken"];
        Assert.Empty(expected.Except(seen));
    }

    [Fact]
    public void Past_is_in_order_of_time_and_ends_before_now()
    {
        var times = new ShopTraffic(new ShopOptions()).Past(NowMs).Select(r => JsonDocument.Parse(r.Value).RootElement.GetProperty("occurredAt").GetInt64()).ToArray();
        Assert.Equal(times.Order(), times);
        Assert.True(times.Length > 1000);
        Assert.True(times[^1] < NowMs);
    }

    [Fact]
    public void Past_customers_who_never_came_back_cross_the_line_one_after_the_other()
    {
        var options = new ShopOptions { LapsedAfter = TimeSpan.FromDays(20), LapsedEvery = TimeSpan.FromSeconds(2) };
        var firsts = new ShopTraffic(options).Past(NowMs).Where(r => r.What == EventType.Purchase.WireName())
            .Select(r => JsonDocument.Parse(r.Value).RootElement).GroupBy(e => e.GetProperty("userId").GetString()!)
            .Select(g => g.Select(e => e.GetProperty("occurredAt").GetInt64()).Distinct().ToArray()).Where(times => times.Length == 1).Select(times => times[0]).ToArray();
        var crossings = firsts.Select(t => t + (long)options.LapsedAfter.TotalMilliseconds - NowMs).Where(ms => ms > 0).Order().ToArray();
        Assert.InRange(crossings.Length, 20, 50);
        Assert.All(crossings.Zip(crossings.Skip(1), (a, b) => b - a), gap => Assert.InRange(gap, 1_000, 10_000));
    }

    private static string Run(int seed, int events)
    {
        var shop = new ShopTraffic(new ShopOptions { Seed = seed });
        return string.Join('\n', Enumerable.Range(0, events).Select(i => Convert.ToHexString(shop.Next(NowMs + i).Value)));
    }
}
