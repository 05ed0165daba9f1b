using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Streaming.Pipeline.Tests.Fakes;

/// <summary>A clock that only tests move, and that tells which waits were begun: a test moves it once the waiter is there.</summary>
public sealed class TestTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);
        return timer;
    }

    public Task WaitBegunAsync(TimeSpan wait, int times = 1) =>
        Eventually.HoldsAsync(() => _waits.Count(w => w == wait) >= times, $"a wait of {wait}");
}
