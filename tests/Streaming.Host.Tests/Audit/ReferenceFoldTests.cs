using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Fold;
using Streaming.Host.Audit.Reference;
using Xunit;

namespace Streaming.Host.Tests.Audit;

/// <summary>The reference fold against numbers worked out by hand from docs/fold.md.</summary>
public sealed class ReferenceFoldTests : IRefObserver
{
    private const long T0 = 1_773_000_000_000, Minute = 60_000, Day = 86_400_000;
    private readonly RefShard _shard;
    private readonly List<RefSession> _closed = [];
    private readonly List<LinkDelta> _links = [];
    private long _offset;

    public ReferenceFoldTests()
    {
        _shard = new RefShard(this);
        _shard.PutSettings(new RefSettings(new FoldOptions { Dimensions = 8 }, ConsentFlags.All));
        _shard.Tables.Add([("x", Axis(0)), ("y", Axis(1)), ("xy", [0.8f, 0.6f, 0, 0, 0, 0, 0, 0])], isBase: true);
    }

    void IRefObserver.TimeCame(long offset) { }
    void IRefObserver.SessionClosed(RefProfile user, RefSession session) => _closed.Add(session);
    void IRefObserver.LinkSent(RefProfile guest, long offset, LinkDelta delta) => _links.Add(delta);
    void IRefObserver.SessionsErased(RefProfile user, long offset) { }
    void IRefObserver.Erased(RefProfile user, long offset, IReadOnlyList<RefGuest> guests) { }

    private static float[] Axis(int d) => [.. Enumerable.Range(0, 8).Select(i => i == d ? 1f : 0f)];

    private RefProfile User(string key = "u:a") => _shard.Profiles[key];

    private void Send(EventType type, string? item, long t, Func<RefEvent, RefEvent>? with = null)
    {
        var e = new RefEvent { Offset = _offset++, Type = type, User = "u:a", Item = item, OccurredAtMs = t };
        _shard.Apply(with is null ? e : with(e));
    }

    [Theory]
    [InlineData(0, 1), InlineData(1, 2), InlineData(-1, 0.5), InlineData(-1001, 0), InlineData(0.5, 1.4142135623730951), InlineData(10, 1024)]
    public void Exp2_is_a_power_of_two(double e, double expected) => Assert.Equal(expected, RefMath.Exp2(e), 1e-15 * Math.Max(1, expected));

    [Fact]
    public void Exp2_is_near_the_true_power_everywhere()
    {
        for (var e = -40.0; e < 40; e += 0.0137) Assert.Equal(1, RefMath.Exp2(e) / Math.Pow(2, e), 1e-12);
    }

    [Theory]
    [InlineData(" abc\u200b ", "abc"), InlineData("e\u0301", "\u00e9"), InlineData("\u1100\u1161", "\uac00"), InlineData("a\u0000b", null), InlineData("  ", null)]
    public void Ids_have_one_form(string text, string? expected) => Assert.Equal(expected, RefId.Of(text));

    [Fact]
    public void Vectors_decay_by_half_in_a_half_life()
    {
        Send(EventType.View, "x", T0);
        Send(EventType.AddToCart, "y", T0 + (30 * Minute));
        // relative to the landmark T0: x counts 1·2^0, y counts 4·2^1 in the short vector, so that at T0+30min x is worth 0.5 and y 4
        Assert.Equal([1f, 8f], User().Vectors![0][..2]);
        Assert.Equal(T0, User().LandmarkMs[0]);
        Assert.Equal(9, User().Mass[0]);
        Assert.Equal(4 * Math.Pow(2, 30.0 / (7 * 24 * 60)), User().Vectors![1][1], 1e-6);
    }

    [Fact]
    public void A_late_event_gives_the_vector_of_the_order_of_times()
    {
        Send(EventType.View, "y", T0 + (30 * Minute));
        Send(EventType.View, "x", T0);
        // relative to the landmark T0+30min the late x counts 2^-1
        Assert.Equal([0.5f, 1f], User().Vectors![0][..2]);
        Assert.Equal((T0, T0 + (30 * Minute)), (User().FirstEventMs, User().LastEventMs));
    }

    [Fact]
    public void Vectors_rebase_by_whole_half_lives_beyond_sixteen()
    {
        Send(EventType.View, "x", T0);
        Send(EventType.View, "y", T0 + (17 * 30 * Minute) + (15 * Minute));
        // e = 17.5: the landmark moves 17 half-lives, x is multiplied by 2^-17, y counts 2^0.5
        Assert.Equal(T0 + (17 * 30 * Minute), User().LandmarkMs[0]);
        Assert.Equal(MathF.ScaleB(1, -17), User().Vectors![0][0]);
        Assert.Equal(1.41421354f, User().Vectors![0][1]);
    }

    [Fact]
    public void Interests_join_at_the_cosine_and_open_below_it()
    {
        Send(EventType.View, "x", T0);
        Send(EventType.View, "xy", T0);
        Send(EventType.View, "y", T0);
        // cos(x, xy) = 0.8 joins; the centroid (1.8, 0.6) has cosine 0.316 with y, which opens another
        Assert.Equal(2, User().Interests.Count);
        Assert.Equal([1.8f, 0.6f], User().Interests[0].Centroid[..2]);
        Assert.Equal((2.0, 1.0), (User().Interests[0].Weight, User().Interests[1].Weight));
    }

    [Fact]
    public void Negative_weights_move_vectors_and_open_no_interest()
    {
        Send(EventType.NotInterested, "x", T0);
        Assert.Equal(-10f, User().Vectors![2][0]);
        Assert.Equal(10, User().Mass[2]);
        Assert.Empty(User().Interests);
        Assert.Equal(["x"], User().Excluded);
    }

    [Fact]
    public void Ratings_weigh_by_their_distance_from_three_stars()
    {
        Send(EventType.Rating, "x", T0, e => e with { StarsTimesTen = 45 });
        Assert.Equal(3f, User().Vectors![0][0]);
        Send(EventType.Rating, "y", T0, e => e with { StarsTimesTen = 10 });
        Assert.Equal(-4f, User().Vectors![0][1]);
    }

    [Fact]
    public void Purchases_within_the_gap_are_one_occasion_and_gaps_are_welford_s()
    {
        Func<RefEvent, RefEvent> pay = e => e with { Quantity = 2, PriceE4 = 25_000, Currency = "GBP" };
        Send(EventType.Purchase, "x", T0, pay);
        Send(EventType.Purchase, "y", T0 + (30 * Minute), pay);
        Send(EventType.Purchase, "x", T0 + (30 * Minute) + (10 * Day), pay);
        Send(EventType.Purchase, "x", T0 + (30 * Minute) + (30 * Day), e => e with { PriceE4 = 10_000, Currency = "USD" });
        Send(EventType.Refund, "x", T0 + (31 * Day), e => e with { PriceE4 = 25_000, Currency = "GBP" });
        var p = User().Purchases;
        Assert.Equal((4L, 7L, 3, 150_000L, 25_000L, 1), (p.Lines, p.Units, p.Occasions, p.AmountE4, p.RefundedE4, p.OtherCurrency));
        Assert.Equal((2, 15.0 * Day, 50.0 * Day * Day), (p.GapCount, p.GapMeanMs, p.GapM2));
        Assert.Equal(3, User().EpisodePosition);
        Assert.Equal(3, User().Bought.Single(b => b.Item == "x").Count);
    }

    [Fact]
    public void Bought_weights_decay_by_the_rhythm_of_repeats()
    {
        Send(EventType.Purchase, "x", T0);
        Send(EventType.Purchase, "x", T0 + (60 * Day));
        Send(EventType.Purchase, "x", T0 + (0 * Day));
        Assert.Equal((3, 2f), (User().Bought[0].Count, User().Bought[0].Weight));
    }

    [Fact]
    public void Sessions_end_by_silence_of_the_shard_s_stream_time_and_by_another_id()
    {
        Send(EventType.View, "x", T0, e => e with { SessionId = "s1" });
        Send(EventType.View, "y", T0 + Minute, e => e with { SessionId = "s2" });
        Assert.Equal(("s1", 0L, 1), (_closed[0].Id, _closed[0].OpenedAt, _closed[0].EventCount));
        Send(EventType.View, "x", T0 + (31 * Minute), e => e with { User = "u:b" });
        Assert.Equal(("s2", 1L), (_closed[1].Id, _closed[1].OpenedAt));
        Assert.Null(User().Session);
        _shard.Tick(T0 + (61 * Minute));
        Assert.Equal(3, _closed.Count);
    }

    [Fact]
    public void A_repeated_id_takes_effect_once_within_the_window()
    {
        _shard.PutSettings(_shard.Settings with { Options = _shard.Settings.Options with { DuplicateWindow = 2 } });
        foreach (var id in (string[])["1", "1", "2", "3", "1"]) Send(EventType.View, "x", T0, e => e with { Id = id });
        Assert.Equal(4, User().EventCount);
        Assert.Equal(["3", "1"], User().RecentIds);
    }

    [Fact]
    public void An_item_whose_vector_comes_later_is_counted_from_the_ring()
    {
        Send(EventType.View, "late", T0);
        Assert.Null(User().Vectors);
        _shard.Tables.Add([("late", Axis(2))], isBase: false);
        Send(EventType.Search, null, T0 + Minute);
        Assert.Equal(1f, User().Vectors![0][2]);
        Assert.Equal(T0, User().LandmarkMs[0]);
    }

    [Fact]
    public void Withdrawn_consent_clears_what_was_personal_and_keeps_counters()
    {
        Send(EventType.Purchase, "x", T0);
        Send(EventType.Consent, null, T0, e => e with { ConsentNamed = ConsentFlags.Personalise });
        Assert.Equal((ConsentFlags.Market | ConsentFlags.Measure, true), (User().Consent, User().ConsentGiven));
        Assert.Null(User().Vectors);
        Assert.Empty(User().Ring);
        Assert.Empty(User().Bought);
        Assert.Equal(1, User().Purchases.Lines);
        Send(EventType.Message, null, T0, e => e with { Message = MessageState.Unsubscribed });
        Assert.Equal(ConsentFlags.Measure, User().Consent);
    }

    [Fact]
    public void A_guest_who_logs_in_sends_everything_once_and_stragglers_one_by_one()
    {
        Func<RefEvent, RefEvent> guest = e => e with { User = "a:g" };
        Send(EventType.View, "x", T0, guest);
        Send(EventType.Identify, null, T0 + 1, e => e with { User = "a:g", LinkedUser = "u:a" });
        Send(EventType.Purchase, "y", T0 + 2, e => e with { User = "a:g", Quantity = 3, PriceE4 = 5, Currency = "GBP" });
        Assert.Equal([new LinkAction("x", "view", T0, 0, 1, -1, 0)], _links[0].Actions);
        Assert.Equal(new Dictionary<string, uint> { ["view"] = 1, ["identify"] = 1 }, _links[0].Counts);
        Assert.Equal([new LinkAction("y", "purchase", T0 + 2, 0, 3, 5, 0x474250)], _links[1].Actions);
        foreach (var delta in _links) _shard.ApplyLink(delta, eventsFrom: 77);
        Assert.Equal((3L, T0, T0 + 2, 77L), (User().EventCount, User().FirstEventMs, User().LastEventMs, User().EpisodePosition));
        Assert.Equal([new RefGuest("a:g", 1)], User().Guests);
        Send(EventType.Erase, null, T0 + 3);
        _shard.ApplyLink(_links[1], eventsFrom: 78);
        Assert.Equal((0L, true, 3L), (User().EventCount, User().IsErased, User().ErasedAt));
    }
}
