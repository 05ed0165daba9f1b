using Streaming.Faults.Engine;

namespace Streaming.Integration.Tests.Faults;

/// <summary>Who is said to stand: a shard, or the harness's own feeder.</summary>
public sealed class ShardStandTests
{
    [Fact]
    public void Shard_that_has_read_all_there_is_was_fed_nothing() =>
        Assert.Equal("nothing was fed, so the feeder stands and not the shard: 0 (running, at 120, had 120, fed up to 120)", ShardStand.Tell([new(0, "running", 120, 120, 120)]));

    [Theory]
    [InlineData("running", 121)]
    [InlineData("running", null)]
    [InlineData("retry", 120)]
    public void Shard_with_records_to_read_or_at_rest_stands_itself(string phase, int? fedTo)
    {
        var told = ShardStand.Tell([new(2, phase, 120, 120, fedTo)]);
        Assert.StartsWith($"not every shard goes on: 2 ({phase}, at 120, had 120, fed up to ", told);
        Assert.DoesNotContain("nothing was fed", told);
    }

    [Fact]
    public void Shard_that_takes_over_tells_at_which_step_it_stands() => Assert.Equal(
        "not every shard goes on: 3 (taking-over, at 5, had 5, fed up to 9; take-over not over after 61.00 s: fence 1.00, at replay for 60.00; 0 batches replayed)",
        ShardStand.Tell([new(3, "taking-over", 5, 5, 9) { TakeOver = "not over after 61.00 s: fence 1.00, at replay for 60.00; 0 batches replayed" }]));

    [Fact]
    public void Both_are_told_apart() => Assert.Equal(
        "not every shard goes on: 1 (running, at 5, had 5, fed up to 9); nothing was fed, so the feeder stands and not the shard: 0 (running, at 7, had 7, fed up to 7)",
        ShardStand.Tell([new(0, "running", 7, 7, 7), new(1, "running", 5, 5, 9)]));
}
