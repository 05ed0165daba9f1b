namespace Streaming.Host.Bench;

/// <summary>A clock that moves when it is told to, so that what is flushed when does not depend on the machine.</summary>
internal sealed class BenchClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan time) => _ticks += time.Ticks;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);
}
