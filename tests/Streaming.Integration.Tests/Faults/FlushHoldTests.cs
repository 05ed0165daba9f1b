using Streaming.Faults.Engine;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What an engine says of flushes that stand.</summary>
public sealed class FlushHoldTests
{
    [Fact]
    public void Only_flushes_of_its_own_point_that_went_on_and_statements_after_that_count()
    {
        var hold = new FlushHold("A8-flush-begun", "/tmp/none");
        foreach (var line in (string[])["crash point A8-flush-begun:1:hold=12: stands", "crash point A8-flush-begun:1:hold=12: stands", "crash point A9-rows-written:1:hold=12: goes on", "info: it goes on"]) hold.Hear(line);
        Assert.Equal(0, hold.GoneOn);
        hold.Hear("crash point A8-flush-begun:1:hold=12: goes on");
        Assert.Equal(1, hold.GoneOn);
        Assert.Equal(0, hold.Answered);
        foreach (var point in (string[])["A8-row-written", "A9-rows-written", "A1-polled"]) hold.Hear($"crash point A8-flush-begun:1:hold=12: then {point}");
        Assert.Equal(1, hold.Answered);
    }

    [Fact]
    public void Hold_is_asked_for_by_point_and_file_and_nothing_is_left_of_one_that_never_began()
    {
        var hold = new FlushHold("A9-rows-written", "/tmp/begin");
        Assert.Equal(("A9-rows-written:1:hold=12", "/tmp/begin"), (hold.Environment["CRASH_POINT"], hold.Environment["CRASH_POINT_WHEN"]));
        Assert.Equal(TimeSpan.Zero, hold.Left);
    }
}
