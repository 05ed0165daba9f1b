namespace Streaming.Simulation.Kernel;

/// <summary>The clock of one process. Its timers are events of the scheduler; its wall clock may be wrong and may jump, its time stamps never go back.</summary>
internal sealed class SimulatedTime(Scheduler scheduler, Process process, Func<long> wallMs) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => scheduler.NowUs * TimeSpan.TicksPerMicrosecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(wallMs());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private readonly Scheduler _scheduler = time.Scheduler;
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime >= TimeSpan.Zero) Arm(version, dueTime, period);
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Arm(int version, TimeSpan dueTime, TimeSpan period) => _scheduler.After(dueTime.Ticks / TimeSpan.TicksPerMicrosecond, Label.Timer, time.Process, () =>
        {
            if (version != _version) return;
            if (period > TimeSpan.Zero) Arm(version, period, period);
            callback(state);
        });
    }

    private Scheduler Scheduler => scheduler;

    private Process Process => process;
}
