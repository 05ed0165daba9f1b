using Microsoft.Extensions.Time.Testing;
using Streaming.Contracts;
using Streaming.Host.Demo.Storefront;
using Xunit;

namespace Streaming.Host.Tests.Demo.Storefront;

public sealed class ShopVisitorsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Visitors_beyond_the_bound_push_out_whoever_came_least_lately()
    {
        var visitors = new ShopVisitors(_time, most: 3);
        foreach (var id in (string[])["a:1", "a:2", "a:3"]) visitors.Read(id);
        visitors.Read("a:1");
        var pushedOut = visitors.Read("a:2").Changed;
        visitors.Read("a:1");
        visitors.Read("a:3");
        visitors.Read("a:4");
        Assert.Equal(3, visitors.Count);
        Assert.True(pushedOut.IsCompleted, "whoever waits for a list of a visitor that is forgotten must not wait for ever");
        visitors.Listed(List("1", 10), 20);
        visitors.Listed(List("2", 10), 20);
        Assert.NotNull(visitors.Read("a:1").Newest);
        Assert.Null(visitors.Read("a:2").Newest);
    }

    [Fact]
    public void A_list_of_somebody_who_is_not_in_the_shop_is_not_kept()
    {
        var visitors = new ShopVisitors(_time);
        visitors.Listed(List("1", 10), 20);
        Assert.Equal(0, visitors.Count);
    }

    [Fact]
    public void A_list_answers_the_events_up_to_its_time_and_no_later_one()
    {
        var visitors = new ShopVisitors(_time);
        visitors.Sent("a:1", new TracedEvent("e1", "view", null, 90, 100));
        visitors.Sent("a:1", new TracedEvent("e2", "view", null, 95, 101));
        visitors.Sent("a:1", new TracedEvent("e3", "view", null, 99, 102));
        var changed = visitors.Read("a:1").Changed;
        Assert.False(changed.IsCompleted);
        visitors.Listed(List("1", 101, "r-first"), 150);
        Assert.True(changed.IsCompleted);
        Assert.Equal([150L, 150L, null], visitors.Read("a:1").Events.Select(e => e.ListedMs));
        visitors.Listed(List("1", 102, "r-second"), 160);
        Assert.Equal(["r-first", "r-first", "r-second"], visitors.Read("a:1").Events.Select(e => e.RecommendationId));
        Assert.Equal(160, visitors.Acknowledged("a:1", "e3", 155)!.ListedMs);
        Assert.Null(visitors.Acknowledged("a:1", "e4", 155));
    }

    [Fact]
    public void Events_kept_of_one_visitor_are_bounded()
    {
        var visitors = new ShopVisitors(_time);
        for (var i = 0; i < 1000; i++) visitors.Sent("a:1", new TracedEvent("e" + i, "view", null, i, i));
        Assert.InRange(visitors.Read("a:1").Events.Count, 1, 50);
        Assert.Equal("e999", visitors.Read("a:1").Events[^1].EventId);
    }

    [Fact]
    public void A_guest_and_a_user_of_one_text_are_two()
    {
        var visitors = new ShopVisitors(_time);
        visitors.Read("a:anna");
        visitors.Read("u:anna");
        visitors.Listed(List("anna", 10) with { AnonymousId = null, UserId = "anna" }, 20);
        Assert.Null(visitors.Read("a:anna").Newest);
        Assert.NotNull(visitors.Read("u:anna").Newest);
    }

    [Fact]
    public void Too_many_events_at_once_are_held_off_and_of_one_visitor_alone()
    {
        var visitors = new ShopVisitors(_time);
        var taken = Enumerable.Range(0, 100).Count(_ => visitors.MaySend("a:1"));
        Assert.InRange(taken, 1, 99);
        Assert.False(visitors.MaySend("a:1"));
        Assert.True(visitors.MaySend("a:2"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(visitors.MaySend("a:1"));
    }

    private static Recommendation List(string guest, long occurredAt, string id = "r-1") => new()
    {
        RecommendationId = id,
        AnonymousId = guest,
        Surface = "home",
        Items = [new RecommendedItem("i", 1, 1, "popular", "popular_now", null)],
        SourcePartition = 0,
        SourceOffset = 1,
        OccurredAt = occurredAt,
        EmittedAt = occurredAt,
    };
}
