using Streaming.Contracts;
using Streaming.Host.Inspect;

namespace Streaming.Host.Demo;

/// <summary>What the demo shows: counts, the latest outputs, freshness. Everything is bounded; safe from any thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="before">Time that the program took before the board was made.</param>
internal sealed class DemoBoard(TimeProvider time, TimeSpan before)
{
    private const int Latest = 8;
    private const int RateSeconds = 60;

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private readonly LinkedList<Recommendation> _recommendations = [];
    private readonly LinkedList<ChurnAlert> _alerts = [];
    private readonly Queue<string> _notes = new();
    private readonly LatencyHistogram _freshness = new();
    private readonly Dictionary<string, long> _deadReasons = [];
    private readonly long[] _eventsBySecond = new long[RateSeconds];
    private long _second;
    private long _events;
    private long _recommended;
    private long _degraded;
    private long _alerted;
    private long _dead;
    private double? _firstRecommendation;
    private ProfileDocument? _profile;

    /// <summary>Seconds since the program was started.</summary>
    public double Elapsed => (before + time.GetElapsedTime(_started)).TotalSeconds;

    /// <summary>The shop sent events.</summary>
    public void Sent(int count)
    {
        lock (_lock)
        {
            _events += count;
            MoveTo((long)Elapsed);
            _eventsBySecond[_second % RateSeconds] += count;
        }
    }

    /// <summary>A recommendation is readable by consumers now.</summary>
    /// <param name="recommendation">It.</param>
    /// <param name="nowMs">When it was read, ms since 1970.</param>
    /// <param name="isLive">True where its event is of now: only then the time from event to recommendation means anything.</param>
    public void Recommended(Recommendation recommendation, long nowMs, bool isLive)
    {
        lock (_lock)
        {
            _recommended++;
            if (recommendation.Degraded is not null) _degraded++;
            _firstRecommendation ??= Elapsed;
            if (isLive) _freshness.Add(nowMs - recommendation.OccurredAt);
            Keep(_recommendations, recommendation);
        }
    }

    /// <summary>A churn alert came.</summary>
    public void Alerted(ChurnAlert alert)
    {
        lock (_lock)
        {
            _alerted++;
            Keep(_alerts, alert);
        }
    }

    /// <summary>A dead letter came.</summary>
    public void Died(string reason)
    {
        lock (_lock)
        {
            _dead++;
            _deadReasons[reason] = _deadReasons.GetValueOrDefault(reason) + 1;
        }
    }

    /// <summary>The profile on show changed.</summary>
    public void Show(ProfileDocument profile)
    {
        lock (_lock) _profile = profile;
    }

    /// <summary>Something worth a line was logged.</summary>
    public void Note(string line)
    {
        lock (_lock)
        {
            _notes.Enqueue(line);
            while (_notes.Count > Latest) _notes.Dequeue();
        }
    }

    /// <summary>Everything as it is now.</summary>
    public BoardSnapshot Read()
    {
        lock (_lock)
        {
            MoveTo((long)Elapsed);
            // The second that runs is not full yet; the rate is that of the last five full ones.
            var bySecond = Enumerable.Range(1, RateSeconds - 1).Select(i => _eventsBySecond[(_second + i) % RateSeconds]).ToArray();
            return new BoardSnapshot(Elapsed, _events, bySecond[^5..].Average(), bySecond, _recommended, _degraded, _alerted, _dead,
                new Dictionary<string, long>(_deadReasons), _firstRecommendation, _freshness.Quantile(0.5), _freshness.Quantile(0.99), [.. _recommendations], [.. _alerts], [.. _notes], _profile);
        }
    }

    private void MoveTo(long second)
    {
        if (second - _second >= RateSeconds) Array.Clear(_eventsBySecond);
        for (var i = Math.Max(_second + 1, second - RateSeconds + 1); i <= second; i++) _eventsBySecond[i % RateSeconds] = 0;
        _second = second;
    }

    private static void Keep<T>(LinkedList<T> list, T item)
    {
        list.AddFirst(item);
        if (list.Count > Latest) list.RemoveLast();
    }
}
