using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
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
        Pass("fence", 120);
        Pass("row", 30);
        Pass("fence", 100);
        Pass("replay", 1_000);
        var recorded = new List<(string Step, double Seconds)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == "streaming_take_over_seconds") l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => recorded.Add(((string)tags[0].Value!, value)));
        listener.Start();

        Assert.Equal("1.25 s: fence 0.22, row 0.03, replay 1.00; 3 batches replayed", steps.Record());
        Assert.Equal([("fence", 0.22), ("row", 0.03), ("replay", 1.0)], recorded.Where(r => r.Seconds is 0.22 or 0.03 or 1.0)); // other tests may take over meanwhile

        void Pass(string step, int ms)
        {
            time.Advance(TimeSpan.FromMilliseconds(ms));
            steps.End(step);
        }
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
