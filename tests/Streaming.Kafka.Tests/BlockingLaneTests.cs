namespace Streaming.Kafka.Tests;

/// <summary>Calls run in order on a thread of their own; one that does not return keeps its thread, not the lane.</summary>
public sealed class BlockingLaneTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_run_in_order_on_one_thread()
    {
        using var lane = new BlockingLane("test");
        var calls = Enumerable.Range(0, 50).Select(i => lane.RunAsync(() => (i, Environment.CurrentManagedThreadId), Stop).AsTask()).ToArray();
        var answers = await Task.WhenAll(calls);
        Assert.Equal(Enumerable.Range(0, 50), answers.Select(a => a.i));
        Assert.Single(answers.Select(a => a.CurrentManagedThreadId).Distinct());
    }

    [Fact]
    public async Task Error_of_a_call_is_its_callers()
    {
        using var lane = new BlockingLane("test");
        await Assert.ThrowsAsync<InvalidDataException>(() => lane.RunAsync(() => throw new InvalidDataException(), Stop).AsTask());
        Assert.Equal(1, await lane.RunAsync(() => 1, Stop));
    }

    [Fact]
    public async Task Thread_of_a_call_that_does_not_return_is_left_to_it_and_what_waits_goes_on()
    {
        using var release = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        using var lane = new BlockingLane("test");
        Thread? left = null;
        var stuck = lane.RunAsync(() =>
        {
            left = Thread.CurrentThread;
            begun.Set();
            release.Wait(TimeSpan.FromMinutes(1));
        }, Stop).AsTask();
        begun.Wait(Stop);
        var waits = lane.RunAsync(() => Environment.CurrentManagedThreadId, Stop).AsTask();
        Assert.False(await BlockingLane.EndsAsync(stuck, TimeSpan.FromMilliseconds(50)));
        Assert.False(waits.IsCompleted);

        lane.LeaveThread();
        var other = await waits.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.NotEqual(left!.ManagedThreadId, other);
        Assert.False(stuck.IsCompleted);

        release.Set();
        await stuck;
        Assert.True(await BlockingLane.EndsAsync(stuck, TimeSpan.Zero));
        Assert.True(left.Join(TimeSpan.FromSeconds(30)), "the thread that was left ends with its call");
        Assert.Equal(other, await lane.RunAsync(() => Environment.CurrentManagedThreadId, Stop));
    }
}
