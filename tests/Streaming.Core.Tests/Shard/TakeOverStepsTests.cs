using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Streaming.Core.Errors;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Shard;

/// <summary>Where the time of a take-over went.</summary>
public sealed class TakeOverStepsTests
{
    [Fact]
    public void Steps_that_come_again_are_added_to_and_all_stand_in_one_line()
    {
        var time = new FakeTimeProvider();
        var steps = new TakeOverSteps(time) { Batches = 3 };
        Pass("t-fence", 120);
        Pass("t-row", 30);
        Pass("t-fence", 100);
        Pass("t-replay", 1_000);
        var recorded = new ConcurrentQueue<(string Step, double Seconds)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == "streaming_take_over_seconds") l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => recorded.Enqueue(((string)tags[0].Value!, value)));
        listener.Start();

        steps.Record();
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("1.25 s: t-fence 0.22, t-row 0.03, t-replay 1.00; 3 batches replayed", steps.ToString());
        Assert.Equal([("t-fence", 0.22), ("t-row", 0.03), ("t-replay", 1.0)], recorded.Where(r => r.Step.StartsWith("t-", StringComparison.Ordinal))); // other tests may take over meanwhile

        void Pass(string step, int ms)
        {
            steps.Begin(step);
            time.Advance(TimeSpan.FromMilliseconds(ms));
        }
    }

    [Fact]
    public void Take_over_that_is_not_over_tells_where_it_is()
    {
        var time = new FakeTimeProvider();
        var steps = new TakeOverSteps(time);
        Assert.Equal("", steps.ToString());
        steps.Begin("fence");
        time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal("not over after 0.25 s: at fence for 0.25; 0 batches replayed", steps.ToString());
        steps.Begin("replay");
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal("not over after 7.25 s: fence 0.25, at replay for 7.00; 0 batches replayed", steps.ToString());
    }

    [Fact]
    public async Task Status_of_a_shard_whose_take_over_waits_names_the_step()
    {
        var store = new FlakyStore();
        var h = new ShardHarness(store: store);
        await using var shard = await h.OpenAsync();
        store.IsAway = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await shard.TakeOverAsync(TestContext.Current.CancellationToken));
        h.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("not over after 3.00 s: flush 0.00, fence 0.00, offsets 0.00, bounds 0.00, at row for 3.00; 0 batches replayed", shard.Status.TakeOver);
    }

    [Fact]
    public async Task Status_of_a_shard_tells_the_steps_of_its_last_take_over()
    {
        var h = new ShardHarness();
        h.Kafka.Append("events", "u", ShopTraffic.Event("e", "view", "u", "i1", ShopTraffic.Start));
        await using var first = await h.OpenAsync();
        Assert.Equal("", first.Status.TakeOver);
        await h.RunToEndAsync(first);
        await using var second = await h.OpenAsync();
        await second.TakeOverAsync(TestContext.Current.CancellationToken);
        foreach (var step in new[] { "fence", "offsets", "bounds", "row", "tables", "replay" }) Assert.Contains(step, second.Status.TakeOver);
        Assert.EndsWith(" batches replayed", second.Status.TakeOver);
    }
}
