using Streaming.Faults.Engine;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What a case of many lives says of a replay that grows.</summary>
public sealed class ReplayLengthTests
{
    [Theory]
    [InlineData(800, 1_601, true)]
    [InlineData(800, 1_600, false)]
    [InlineData(10, 1_000, false)] // so much by chance
    [InlineData(10, 1_001, true)]
    public void Last_lives_that_replay_more_than_the_first_are_told(double first, double last, bool grows)
    {
        // One long replay among them, and what lies between, say nothing.
        List<double> replayed = [first, 9_000, first, 9_000, 0, 9_000, last, last, 0];
        Assert.Equal(grows, ReplayLength.GrowthOf(replayed) is not null);
    }

    [Fact]
    public void Few_lives_say_nothing() => Assert.Null(ReplayLength.GrowthOf([1, 90_000]));
}
