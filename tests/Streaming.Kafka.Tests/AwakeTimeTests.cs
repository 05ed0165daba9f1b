namespace Streaming.Kafka.Tests;

public sealed class AwakeTimeTests
{
    [Fact]
    public void Turn_counts_for_what_it_can_take_and_not_for_what_went_by()
    {
        var waited = new AwakeTime(mostTurnMs: 20);
        for (var turn = 0; turn < 3; turn++)
        {
            Thread.Sleep(60); // frozen, as far as the loop can tell
            waited.Count();
        }

        Assert.Equal(60, waited.Ms);
        waited.Count();
        Assert.InRange(waited.Ms, 60, 80);
    }
}
