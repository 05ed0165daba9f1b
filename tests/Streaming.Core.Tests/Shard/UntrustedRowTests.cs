using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Items;
using Streaming.Core.Shard;
using Streaming.Core.Snapshot;
using static Streaming.Core.Tests.Shard.UntrustedRows;

namespace Streaming.Core.Tests.Shard;

/// <summary>Rows that are refused: damaged, cut off, newer than the program, outdated or gone. What comes of it is held against a shard that never met one.</summary>
[Collection("untrusted rows")]
public sealed class UntrustedRowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("flipped", 1)]
    [InlineData("truncated", 2)]
    [InlineData("empty", 3)]
    [InlineData("newer", 4)]
    public async Task Row_refused_profile_is_rebuilt_from_the_log_with_the_same_bits_under_later_tables_and_settings(string how, int seed)
    {
        var calm = await FirstPhaseAsync(new ShardHarness(), seed);
        await SecondPhaseAsync(calm, seed);

        using var corrupt = new Counted("streaming_corrupt_rows_total");
        using var rebuilt = new Counted("streaming_users_rebuilt_total");
        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), seed);
        UserKey[] victims = [UserKey.User("u1"), UserKey.User("u5"), UserKey.Guest("visitor")];
        foreach (var victim in victims)
        {
            Assert.NotNull((await store.TrueAsync(victim)).Blob);
            await store.FalsifyAsync(victim, row => Damage(row, how));
        }

        await SecondPhaseAsync(h, seed, sawParked: 1);
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        AssertSameOnce(calm, h);
        Assert.Equal(victims.Length, corrupt.Value);
        Assert.Equal(victims.Length, rebuilt.Value);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public async Task Crashes_around_the_rebuild_lose_and_double_nothing(int seed)
    {
        var calm = await FirstPhaseAsync(new ShardHarness(), seed);
        await SecondPhaseAsync(calm, seed);

        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), seed);
        for (var u = 0; u < 12; u += 2) await store.FalsifyAsync(UserKey.User("u" + u), row => Damage(row, "flipped"));
        var random = new Random(seed);
        var faults = 0;
        h.Kafka.OnStep = step =>
        {
            // Also right before and right after the transaction that carries an unpark.
            if (faults >= 25 || random.Next(4) != 0) return;
            faults++;
            throw new IndefiniteOutcomeException(step);
        };
        await SecondPhaseAsync(h, seed, sawParked: 1);
        Assert.True(faults > 5, "the run injected no faults");
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        AssertSameOnce(calm, h);
    }

    [Fact]
    public async Task Crash_after_the_unpark_and_before_its_flush_rebuilds_again()
    {
        var calm = await FirstPhaseAsync(new ShardHarness(), 21);
        await SecondPhaseAsync(calm, 21);

        using var rebuilt = new Counted("streaming_users_rebuilt_total");
        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), 21);
        await store.FalsifyAsync(UserKey.User("u3"), row => Damage(row, "flipped"));
        Settings(h);
        h.Options = h.Options with { FlushInterval = TimeSpan.FromMinutes(5) };
        Visit(h, "s");
        ShopTraffic.Append(h.Kafka, 150, 22, Second, "s");
        var second = await h.OpenAsync();
        await second.TakeOverAsync(Cancellation);
        for (var n = 0; !h.Kafka.Committed("control", 0).Any(r => r.Contains("\"unpark\"", StringComparison.Ordinal)); n++)
        {
            Assert.True(n < 500, "never unparked");
            await StepAsync(h, second, 1000);
        }

        Assert.Equal("flipped", await HowAsync(store, UserKey.User("u3")));
        h.Options = h.Options with { FlushInterval = TimeSpan.FromMilliseconds(10) };
        await using var third = await h.OpenAsync();
        await h.RunToEndAsync(third);
        await h.RunUntilAsync(third, () => third.Status.ParkedUsers == 0);
        await third.HandOffAsync(Cancellation);
        Assert.Equal(2, rebuilt.Value);
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        AssertSameOnce(calm, h);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Store_away_and_rows_refused_at_once_are_each_brought_back_their_way()
    {
        var calm = await FirstPhaseAsync(new ShardHarness(), 31);
        Settings(calm, trainedItems: 30); // a store that is away takes no table of further items
        await using (var idle = await calm.OpenAsync()) await calm.RunToEndAsync(idle);
        Known(calm);
        await using (var all = await calm.OpenAsync())
        {
            await calm.RunToEndAsync(all);
            await all.HandOffAsync(Cancellation);
        }

        using var corrupt = new Counted("streaming_corrupt_rows_total");
        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), 31);
        await store.FalsifyAsync(UserKey.User("u1"), row => Damage(row, "flipped"));
        await store.FalsifyAsync(UserKey.User("u2"), row => Damage(row, "newer"));
        Settings(h, trainedItems: 30);
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard); // the trained table comes into force
        store.IsAway = true; // whoever is parked now may turn out refused once the store answers
        Known(h);
        for (var n = 0; n < 40; n++) await StepAsync(h, shard, 500);
        Assert.True(shard.Status.ParkedUsers > 2);
        Assert.Equal(0, corrupt.Value);
        store.IsAway = false;
        await h.RunUntilAsync(shard, () => shard.Status.ParkedUsers == 0);
        await shard.HandOffAsync(Cancellation);
        Assert.Equal(2, corrupt.Value);
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        AssertSameOnce(calm, h);

        static void Known(ShardHarness h)
        {
            for (var i = 0; i < 60; i++)
                h.Kafka.Append("events", $"u{i % 7}", ShopTraffic.Event($"s{i}", i % 9 == 0 ? "purchase" : "view", $"u{i % 7}", $"i{i % 30}", Second + (i * 400_000)));
        }
    }

    [Fact]
    public async Task Rebuild_in_pieces_lets_live_events_pass_and_ends_with_the_same_bits()
    {
        var calm = await FirstPhaseAsync(new ShardHarness(), 61);
        await SecondPhaseAsync(calm, 61);

        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), 61);
        h.Options = h.Options with { SideReplayBudget = TimeSpan.Zero }; // one batch a piece, or as many as the growing budget lets pass: here the clock stands still meanwhile
        await store.FalsifyAsync(UserKey.User("u1"), row => Damage(row, "flipped"));
        Settings(h);
        await using var shard = await h.OpenAsync();
        await shard.TakeOverAsync(Cancellation);
        Visit(h, "s");
        ShopTraffic.Append(h.Kafka, 150, 62, Second, "s");
        var committed = new HashSet<long>();
        for (var n = 0; n == 0 || shard.Status.ParkedUsers > 0 || shard.Status.Committed.Events < 100; n++)
        {
            Assert.True(n < 1000, "never caught up");
            await StepAsync(h, shard, 1000);
            if (shard.Status.ParkedUsers > 0) committed.Add(shard.Status.Committed.Events);
        }

        Assert.True(committed.Count > 3, "live events waited for the rebuild");
        await h.RunToEndAsync(shard, takeOver: false);
        await h.RunUntilAsync(shard, () => shard.Status.ParkedUsers == 0);
        await shard.HandOffAsync(Cancellation);
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        AssertSameOnce(calm, h);
    }

    [Fact]
    public async Task Query_that_meets_a_refused_row_has_the_profile_rebuilt()
    {
        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), 71);
        var hash = await h.StateHashAsync();
        await store.FalsifyAsync(UserKey.User("u1"), row => Damage(row, "flipped"));
        using var corrupt = new Counted("streaming_corrupt_rows_total");
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        Assert.True(await IsDegradedAsync(h, shard, UserKey.User("u1")));
        await h.RunUntilAsync(shard, () => shard.Status.ParkedUsers == 1);
        await h.RunUntilAsync(shard, () => shard.Status.ParkedUsers == 0);
        Assert.False(await IsDegradedAsync(h, shard, UserKey.User("u1")));
        await shard.HandOffAsync(Cancellation);
        Assert.Equal(1, corrupt.Value);
        Assert.Equal("good", await HowAsync(store, UserKey.User("u1")));
        Assert.Equal(hash, await h.StateHashAsync());
    }

    [Fact]
    public async Task Mark_R_refused_shard_is_restored_from_the_beginning_of_the_log()
    {
        var calm = await FirstPhaseAsync(new ShardHarness(), 81);
        await SecondPhaseAsync(calm, 81);

        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), 81);
        store.Mark = row => Damage(row, "flipped");
        Settings(h);
        Visit(h, "s");
        ShopTraffic.Append(h.Kafka, 150, 82, Second, "s");
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        await shard.HandOffAsync(Cancellation);
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        AssertSameOnce(calm, h);

        h.Kafka.LogStarts["events"] = 1;
        await using var other = await h.OpenAsync();
        await Assert.ThrowsAsync<CorruptRowException>(() => other.TakeOverAsync(Cancellation).AsTask());
    }

    // While somebody is parked R stays, but rows of others go on being written: a restore meets rows under settings and tables that it has not come to yet.
    [Fact]
    public async Task Rows_ahead_of_R_wait_for_their_tables_and_settings()
    {
        var calm = await FirstPhaseAsync(new ShardHarness(), 91);
        await SecondPhaseAsync(calm, 91);

        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), 91);
        await store.FalsifyAsync(UserKey.Guest("visitor"), row => Damage(row, "flipped"));
        h.Options = h.Options with { ParkedRetry = TimeSpan.FromMinutes(10) };
        Settings(h);
        Visit(h, "s");
        ShopTraffic.Append(h.Kafka, 150, 92, Second, "s");
        await using (var second = await h.OpenAsync())
        {
            await h.RunToEndAsync(second);
            Assert.Equal(1, second.Status.ParkedUsers);
            Assert.True(second.Status.Durable.Events < second.Status.Committed.Events);
        }

        store.Repair(UserKey.Guest("visitor"));
        await using var third = await h.OpenAsync();
        await h.RunToEndAsync(third);
        await h.RunToEndAsync(third, takeOver: false); // the links that were owed
        await third.HandOffAsync(Cancellation);
        Assert.Equal(0, third.Status.ParkedUsers);
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        AssertSameOnce(calm, h);
    }

    [Fact]
    public async Task Churn_check_that_came_due_while_the_user_was_held_back_alerts_once_after_the_rebuild()
    {
        var store = new TamperedStore();
        var h = new ShardHarness(store: store) { Churn = new() { Bias = -3, Recency = 1, HoldOut = 0 } }; // the risk grows with the days of silence
        h.Kafka.Append("events", "buyer", ShopTraffic.Event("b", "purchase", "buyer", "i1", h.Kafka.NowMs += 1000, ",\"quantity\":1,\"unitPrice\":3.5,\"currency\":\"EUR\""));
        await using (var first = await h.OpenAsync())
        {
            await h.RunToEndAsync(first);
            await first.HandOffAsync(Cancellation);
        }

        Assert.Empty(h.Kafka.Committed("churn-alerts", 0));
        await store.FalsifyAsync(UserKey.User("buyer"), row => Damage(row, "flipped"));
        h.Kafka.Append("events", "other", ShopTraffic.Event("o", "view", "other", "i1", h.Kafka.NowMs += 400L * 86_400_000));
        await using var second = await h.OpenAsync();
        await h.RunToEndAsync(second);
        Assert.Equal(1, second.Status.ParkedUsers);
        await h.RunUntilAsync(second, () => second.Status.ParkedUsers == 0);
        await h.RunUntilAsync(second, () => h.Kafka.Committed("churn-alerts", 0).Any());
        await second.HandOffAsync(Cancellation);
        Assert.Single(h.Kafka.Committed("churn-alerts", 0));
        Assert.Equal(0, (await h.StoredAsync(UserKey.User("buyer")))!.AlertedEpisode);
    }

    // Nothing but the replay knows of that session: the batch in which it ended could not see it, and the next one refuses the row.
    [Fact]
    public async Task Session_that_ended_while_due_entries_could_not_be_read_is_still_owed_when_the_row_is_then_refused()
    {
        var store = new TamperedStore();
        var h = new ShardHarness(store: store);
        h.Kafka.Append("events", "victim", ShopTraffic.Event("a", "view", "victim", "i1", ShopTraffic.Start));
        await using (var first = await h.OpenAsync())
        {
            await h.RunToEndAsync(first);
            await first.HandOffAsync(Cancellation);
        }

        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(Cancellation);
        store.AreDuesAway = true;
        h.Kafka.Append("events", "other", ShopTraffic.Event("b", "view", "other", "i1", ShopTraffic.Start + 7_200_000));
        await StepAsync(h, second, 11);
        Assert.Contains(h.Kafka.Committed("control", 0), r => r.Contains("dues_deferred", StringComparison.Ordinal));
        store.AreDuesAway = false;
        await store.FalsifyAsync(UserKey.User("victim"), row => Damage(row, "flipped"));
        await h.RunToEndAsync(second, takeOver: false);
        Assert.Empty(h.Kafka.Committed("sessions", 0));
        h.Kafka.Append("events", "other", ShopTraffic.Event("c", "view", "other", "i1", ShopTraffic.Start + 7_201_000));
        await h.RunToEndAsync(second, takeOver: false);
        Assert.Equal(1, second.Status.ParkedUsers);
        await h.RunUntilAsync(second, () => second.Status.ParkedUsers == 0);
        await second.HandOffAsync(Cancellation);
        Assert.Single(h.Kafka.Committed("sessions", 0));
        Assert.Equal(0, (await h.StoredAsync(UserKey.User("victim")))!.Session.EventCount);
    }
}
