using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>
/// A topic of events that was made with CreateTime: its timestamps are the producers' word, which may be off by a year or missing. No event's time is clamped by them, and neither ticks nor the time from which outputs
/// go out are taken from them: the broker's clock is told by the shard's own commits. The simulation has such seeds too (docs/fault-model.md).
/// </summary>
public sealed class CreateTimeTests
{
    private const long DayMs = 86_400_000;
    private const int Customers = 20, Days = 300;

    public static TheoryData<long> Words => [0, -1, 1, -400 * DayMs, 400 * DayMs];

    /// <summary>Customers buy once and stay away; from then on time passes by the broker's clock alone.</summary>
    [Theory]
    [MemberData(nameof(Words))]
    public async Task Ticks_go_by_the_clock_of_the_broker_whatever_producers_say(long word)
    {
        var expected = await RunAsync(null);
        Assert.Equal(Customers, expected.Alerts.Count);
        Assert.True(expected.Ticks > Days / 2, $"{expected.Ticks} ticks");
        var (alerts, sessions, ticks, state) = await RunAsync(word);
        Assert.Equal(expected.Alerts, alerts);
        Assert.Equal(expected.Sessions, sessions);
        Assert.Equal(expected.Ticks, ticks);
        Assert.Equal(expected.State, state);
    }

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Time_of_an_event_stands_as_it_was_sent_and_a_replay_says_the_same(long word)
    {
        var h = new ShardHarness();
        SetWord(h, word);
        var future = h.Kafka.NowMs + (10 * DayMs);
        h.Kafka.Append("events", "u1", ShopTraffic.Event("e1", "view", "u1", "i1", future));
        await using (var shard = await h.OpenAsync())
        {
            await h.RunToEndAsync(shard);
            await shard.HandOffAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(future, (await h.StoredAsync(UserKey.User("u1")))!.LastEventMs);
        var empty = h.WithEmptyStore();
        await using (var shard = await empty.OpenAsync())
        {
            await empty.RunToEndAsync(shard);
            await shard.HandOffAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(await h.StateHashAsync(), await empty.StateHashAsync());
    }

    /// <summary>The node's clock is ahead at the first start: the broker's takes its place, and no producer's.</summary>
    [Theory]
    [MemberData(nameof(Words))]
    public async Task Outputs_begin_by_the_clock_of_the_broker_whatever_producers_say(long word)
    {
        var h = new ShardHarness();
        SetWord(h, word);
        h.Time.Advance(TimeSpan.FromDays(2));
        await using var shard = await h.OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            h.Kafka.NowMs += 1000;
            h.Kafka.Append("events", "u1", ShopTraffic.Event($"e{i}", "view", "u1", "i1", h.Kafka.NowMs));
            await h.RunToEndAsync(shard, takeOver: i == 0);
        }

        var from = h.Kafka.Batches(0).SelectMany(b => b.Facts ?? []).Where(f => f.Type == FactTypes.OutputsFrom).Select(f => f.TimeMs!.Value).ToList();
        Assert.Equal(2, from.Count);
        Assert.True(from[1] > h.Kafka.NowMs - 10_000 && from[1] <= h.Kafka.NowMs, $"{from[1] - h.Kafka.NowMs} ms from the broker's clock");
    }

    private static void SetWord(ShardHarness h, long word) => h.Kafka.CreatedMs = () => word is 0 or -1 ? word : h.Kafka.NowMs + word;

    private static async Task<(List<string> Alerts, List<string> Sessions, int Ticks, string State)> RunAsync(long? word)
    {
        var h = new ShardHarness();
        if (word is { } said) SetWord(h, said);
        for (var customer = 0; customer < Customers; customer++)
        {
            h.Kafka.NowMs += 1000;
            h.Kafka.Append("events", $"u{customer}", ShopTraffic.Event($"only{customer}", "purchase", $"u{customer}", "i2", h.Kafka.NowMs, ",\"quantity\":1,\"unitPrice\":9.5,\"currency\":\"EUR\""));
        }

        await using var shard = await h.OpenAsync();
        await h.RunToEndAsync(shard);
        for (var day = 0; day < Days; day++)
        {
            h.Kafka.NowMs += DayMs;
            h.Time.Advance(h.Options.TickInterval + TimeSpan.FromMilliseconds(1));
            await h.RunToEndAsync(shard, takeOver: false);
        }

        var batches = h.Kafka.Batches(0).SelectMany(b => b.Facts ?? []).ToList();
        var alerts = batches.Where(f => f.Type == FactTypes.Alert).Select(f => $"{f.User} {f.Episode}").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(alerts.Count, h.Kafka.CommittedAll("churn-alerts").Count());
        return (alerts, [.. h.Kafka.CommittedAll("sessions").Order(StringComparer.Ordinal)], batches.Count(f => f.Type == FactTypes.Tick), await h.StateHashAsync());
    }
}
