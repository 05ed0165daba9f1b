using Streaming.Contracts;
using Streaming.Core.Fold;
using static Streaming.Core.Tests.Fold.OneUser;

namespace Streaming.Core.Tests.Fold;

public sealed class UserFoldTests
{
    private static readonly EventType[] Types = [EventType.View, EventType.Click, EventType.AddToCart, EventType.Wishlist, EventType.Purchase, EventType.RemoveFromCart];

    [Fact]
    public void Vector_halves_in_each_of_its_half_lives()
    {
        var one = new OneUser();
        one.Apply(EventType.View, "i3", StartMs);
        for (var k = 0; k < FoldOptions.HalfLifeCount; k++)
        {
            var now = one.VectorAt(k, StartMs)[3];
            Assert.True(now > 0);
            Assert.Equal(now / 2, one.VectorAt(k, StartMs + one.Shard.Settings.HalfLivesMs[k])[3], 1e-6);
        }
    }

    [Fact]
    public void Late_events_give_the_vectors_and_counters_of_the_true_order()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var events = Enumerable.Range(0, random.Next(2, 40)).Select(i => (Type: Types[random.Next(Types.Length)], Item: "i" + random.Next(Dimensions), AtMs: StartMs + random.NextInt64(400 * DayMs), Id: "e" + i)).ToArray();
            var (inOrder, late) = (new OneUser(), new OneUser());
            foreach (var e in events.OrderBy(e => e.AtMs)) inOrder.Apply(e.Type, e.Item, e.AtMs, 2, 35_000, e.Id);
            foreach (var e in events) late.Apply(e.Type, e.Item, e.AtMs, 2, 35_000, e.Id);

            Assert.Equal(inOrder.User.Counts, late.User.Counts);
            Assert.Equal((inOrder.User.EventCount, inOrder.User.FirstEventMs, inOrder.User.LastEventMs), (late.User.EventCount, late.User.FirstEventMs, late.User.LastEventMs));
            Assert.Equal((inOrder.User.Purchases.Units, inOrder.User.Purchases.AmountE4), (late.User.Purchases.Units, late.User.Purchases.AmountE4));
            for (var k = 0; k < FoldOptions.HalfLifeCount; k++)
            {
                var (a, b) = (inOrder.VectorAt(k, late.User.LastEventMs), late.VectorAt(k, late.User.LastEventMs));
                var scale = Math.Max(1e-30, a.Max(Math.Abs));
                for (var d = 0; d < Dimensions; d++) Assert.True(Math.Abs(a[d] - b[d]) <= 1e-6 * scale, $"seed {seed}, half-life {k}, dimension {d}: {a[d]:R} and {b[d]:R}");
            }
        }
    }

    [Fact]
    public void Of_two_events_with_one_id_and_other_content_the_first_wins()
    {
        var (one, first) = (new OneUser(), new OneUser());
        Assert.True(one.Apply(EventType.Purchase, "i1", StartMs, 2, 35_000, "e1"));
        Assert.True(first.Apply(EventType.Purchase, "i1", StartMs, 2, 35_000, "e1"));
        Assert.False(one.Apply(EventType.Purchase, "i2", StartMs + MinuteMs, 9, 990_000, "e1"));
        Assert.False(one.Apply(EventType.View, "i3", StartMs + DayMs, id: "e1"));
        Assert.Equal(UserText(first), UserText(one));

        static string UserText(OneUser user) => Snapshot.UserText.Of(user.User, user.Shard.Items);
    }

    [Fact]
    public void Same_order_gives_the_same_bits()
    {
        var (first, second) = (new OneUser(), new OneUser());
        for (var i = 0; i < 500; i++)
        {
            first.Apply(Types[i % Types.Length], "i" + (i * 7 % Dimensions), StartMs + (i * 7919L * MinuteMs));
            second.Apply(Types[i % Types.Length], "i" + (i * 7 % Dimensions), StartMs + (i * 7919L * MinuteMs));
        }

        Assert.Equal(first.User.Vectors!.Select(BitConverter.SingleToInt32Bits), second.User.Vectors!.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(first.User.Mass.ToArray().Select(BitConverter.DoubleToInt64Bits), second.User.Mass.ToArray().Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void Vectors_stay_finite_over_thousands_of_half_lives()
    {
        var one = new OneUser();
        for (var i = 0; i < 400; i++) one.Apply(EventType.View, "i" + (i % Dimensions), StartMs + (i * 30 * DayMs));
        Assert.All(one.User.Vectors!, v => Assert.True(float.IsFinite(v)));
        Assert.True(one.VectorAt(0, one.User.LastEventMs).Max() > 0);
    }

    [Fact]
    public void Negative_action_turns_the_vector_away()
    {
        var one = new OneUser();
        one.Apply(EventType.NotInterested, "i2", StartMs);
        Assert.True(one.VectorAt(2, StartMs)[2] < 0);
        Assert.Equal(1, one.User.ExcludedCount);
    }

    [Fact]
    public void Repeated_id_takes_effect_once_within_the_window_and_again_beyond_it()
    {
        var one = new OneUser(new FoldOptions { DuplicateWindow = 4 });
        Assert.True(one.Apply(EventType.View, "i1", StartMs, id: "a"));
        Assert.False(one.Apply(EventType.View, "i1", StartMs + 1, id: "a"));
        for (var i = 0; i < 4; i++) one.Apply(EventType.View, "i1", StartMs + 2 + i, id: "b" + i);
        Assert.True(one.Apply(EventType.View, "i1", StartMs + 9, id: "a"));
        Assert.Equal(6, one.User.EventCount);
    }

    [Fact]
    public void Purchases_count_occasions_gaps_and_money()
    {
        var one = new OneUser();
        one.Apply(EventType.Purchase, "i1", StartMs, 2, 100_000);
        one.Apply(EventType.Purchase, "i2", StartMs + (10 * MinuteMs), 1, 50_000); // the same occasion
        one.Apply(EventType.Purchase, "i1", StartMs + (10 * DayMs), 1, 100_000);
        one.Apply(EventType.Purchase, "i1", StartMs + (30 * DayMs), 1, 100_000);
        var p = one.User.Purchases;
        Assert.Equal((4, 3, 2, 450_000), (p.Lines, p.Occasions, p.GapCount, p.AmountE4));
        Assert.Equal(15, p.GapMeanMs / DayMs, 0.01);
    }

    [Fact]
    public void Interests_of_two_kinds_stay_apart()
    {
        var one = new OneUser();
        for (var i = 0; i < 10; i++) one.Apply(EventType.View, i % 2 == 0 ? "i0" : "i5", StartMs + (i * MinuteMs));
        Assert.Equal(2, one.User.InterestCount);
        Assert.Equal([0, 5], one.User.Interests.Take(2).Select(c => Array.FindIndex(c.Centroid, x => x > 0)));
        Assert.All(one.User.Interests.Take(2), c => Assert.Equal(1, c.Centroid.Count(x => x != 0)));
    }

    [Fact]
    public void Withdrawn_consent_forgets_what_is_personal_and_keeps_the_counts()
    {
        var one = new OneUser();
        one.Apply(EventType.View, "i1", StartMs);
        one.Apply(EventType.Consent, null, StartMs + 1, consent: ConsentFlags.Measure);
        Assert.Null(one.User.Vectors);
        Assert.Equal((0, 0), (one.User.RingCount, one.User.InterestCount));
        one.Apply(EventType.View, "i1", StartMs + 2);
        Assert.Null(one.User.Vectors);
        Assert.Equal(2u, one.User.Counts[(int)EventType.View]);
    }

    [Fact]
    public void Erase_leaves_nothing_and_what_follows_is_somebody_new()
    {
        var one = new OneUser();
        one.Apply(EventType.Purchase, "i1", StartMs, 1, 10_000, "p");
        one.Apply(EventType.Erase, null, StartMs + 1);
        Assert.True(one.User.IsErased);
        Assert.Equal((0, 0, 0L), (one.User.RingCount, one.User.BoughtCount, one.User.EventCount));
        one.Apply(EventType.View, "i2", StartMs + 2);
        Assert.False(one.User.IsErased);
        Assert.Equal((1L, 0L), (one.User.EventCount, one.User.Purchases.Lines));
    }
}
