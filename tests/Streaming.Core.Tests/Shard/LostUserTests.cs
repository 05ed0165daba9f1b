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

/// <summary>Refused rows of users that the log no longer reaches back to.</summary>
[Collection("untrusted rows")]
public sealed class LostUserTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_without_its_beginning_user_is_reported_held_back_and_tried_again_at_long_intervals()
    {
        var calm = await FirstPhaseAsync(new ShardHarness(), 41);
        await SecondPhaseAsync(calm, 41);

        using var lost = new Counted("streaming_users_lost_total");
        using var corrupt = new Counted("streaming_corrupt_rows_total");
        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), 41);
        await store.FalsifyAsync(UserKey.User("u1"), row => Damage(row, "flipped"));
        h.Kafka.LogStarts["events"] = 10;
        Settings(h);
        Visit(h, "s");
        ShopTraffic.Append(h.Kafka, 150, 42, Second, "s");
        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        await h.RunUntilAsync(shard, () => shard.Status.LostUserCount == 1);
        Assert.Equal(["u:u1"], shard.Status.LostUsers);
        Assert.Equal(1, shard.Status.ParkedUsers);
        Assert.Equal(1, lost.Value);
        Assert.True(shard.Status.Durable.Events < shard.Status.Committed.Events, "R went past an event that is in no row");
        Assert.True(await IsDegradedAsync(h, shard, UserKey.User("u1")));

        var (bounds, rows) = (h.Kafka.BoundsAsked, store.RowsRead);
        for (var n = 0; n < 60; n++) await StepAsync(h, shard, 1000);
        Assert.Equal((bounds, rows), (h.Kafka.BoundsAsked, store.RowsRead));
        for (var n = 0; n < 300; n++) await StepAsync(h, shard, 1000);
        Assert.Equal(bounds, h.Kafka.BoundsAsked);
        Assert.InRange(store.RowsRead - rows, 1, 2);
        Assert.Equal(1, corrupt.Value);

        store.Repair(UserKey.User("u1")); // somebody put a copy of the row back
        await h.RunUntilAsync(shard, () => shard.Status.ParkedUsers == 0, maxRounds: 400);
        Assert.Equal(0, shard.Status.LostUserCount);
        await shard.HandOffAsync(Cancellation);
        Assert.Equal(shard.Status.Committed.Events, h.Kafka.CommittedOffsets(0).Events);
        Assert.Equal(await calm.ProfilesAsync(), await h.ProfilesAsync());
        AssertSameOnce(calm, h);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Erase_of_a_user_that_cannot_be_rebuilt_leaves_its_tombstone_and_what_came_after(bool crash)
    {
        var store = new TamperedStore();
        var h = await FirstPhaseAsync(new ShardHarness(store: store), 51);
        await store.FalsifyAsync(UserKey.User("u1"), row => Damage(row, "flipped"));
        h.Kafka.LogStarts["control"] = 3;
        var shard = await h.OpenAsync();
        h.Kafka.Append("events", "u1", ShopTraffic.Event("x1", "view", "u1", "i1", Second));
        await h.RunToEndAsync(shard);
        await h.RunUntilAsync(shard, () => shard.Status.LostUserCount == 1);
        h.Kafka.Append("events", "u1", ShopTraffic.Event("x2", "erase", "u1", null, Second + 1000));
        h.Kafka.Append("events", "u1", ShopTraffic.Event("x3", "view", "u1", "i2", Second + 2000));
        await h.RunToEndAsync(shard, takeOver: false);
        if (crash)
        {
            await shard.DisposeAsync();
            shard = await h.OpenAsync();
            await h.RunToEndAsync(shard);
            await h.RunUntilAsync(shard, () => shard.Status.LostUserCount == 1 || shard.Status.ParkedUsers == 0);
        }

        await h.RunUntilAsync(shard, () => shard.Status.ParkedUsers == 0);
        await shard.HandOffAsync(Cancellation);
        await shard.DisposeAsync();
        var user = (await h.StoredAsync(UserKey.User("u1")))!;
        Assert.Equal(1, user.EventCount);
        Assert.Equal(1, user.RingCount);
        Assert.True(user.ErasedAt > 0);
        Assert.False(user.IsErased);
    }
}
