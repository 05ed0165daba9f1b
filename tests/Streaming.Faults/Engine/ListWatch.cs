using System.Diagnostics;

namespace Streaming.Faults.Engine;

/// <summary>Looks several times a second at how many recommendations an engine has given, for as long as it lives.</summary>
internal sealed class ListWatch : IAsyncDisposable
{
    private const string Lists = "streaming_recommendations_total";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task _looking;
    private double _begin = -1, _last, _lastAtSeconds;

    private ListWatch(EngineProcess engine) => _looking = LookAsync(engine);

    /// <summary>Begins.</summary>
    public static ListWatch Start(EngineProcess engine) => new(engine);

    /// <summary>Lists since it began. For after its end, as what follows.</summary>
    public double Given => _begin < 0 ? 0 : _last - _begin;

    /// <summary>Lists a second.</summary>
    public double GivenPerSecond => Given / _clock.Elapsed.TotalSeconds;

    /// <summary>Longest time in which none came, s.</summary>
    public double LongestPauseSeconds { get; private set; }

    /// <summary>Most profiles held back at once.</summary>
    public long MostHeldBack { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _clock.Stop();
        _stop.Dispose();
        if (_looking.IsFaulted) await _looking; // who did not look saw no pause
    }

    private async Task LookAsync(EngineProcess engine)
    {
        for (; !engine.HasExited; await Task.Delay(Pause, _stop.Token))
        {
            var now = await engine.TryMetricAsync(Lists, _stop.Token) ?? 0;
            if (_begin < 0 && now > 0) _begin = now; // 0: it does not answer, or has given none yet
            if (now > _last) (_last, _lastAtSeconds) = (now, _clock.Elapsed.TotalSeconds);
            LongestPauseSeconds = Math.Max(LongestPauseSeconds, _clock.Elapsed.TotalSeconds - _lastAtSeconds);
            if (await engine.StatusAsync(_stop.Token) is { } status) MostHeldBack = Math.Max(MostHeldBack, ShardStates.Parked(status));
        }
    }
}
