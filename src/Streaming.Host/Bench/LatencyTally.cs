namespace Streaming.Host.Bench;

/// <summary>Latencies of all rounds of one kind. The writer counts events, the reader the rest.</summary>
internal sealed class LatencyTally
{
    private readonly List<double> _ms = [];
    private long _bytes;

    /// <summary>Events that an answer is waited for.</summary>
    public long Events { get; set; }

    /// <summary>Events that had none in time.</summary>
    public long Unanswered { get; set; }

    /// <summary>Answers marked as poorer than they should be.</summary>
    public long Degraded { get; private set; }

    /// <summary>Mean bytes of an answer.</summary>
    public int MeanBytes => _ms.Count == 0 ? 0 : (int)(_bytes / _ms.Count);

    /// <summary>Adds an answer.</summary>
    public void Add(double ms, int bytes, bool isDegraded)
    {
        _ms.Add(ms);
        _bytes += bytes;
        if (isDegraded) Degraded++;
    }

    /// <summary>Percentiles of all answers, ms.</summary>
    public Percentiles Ms() => Percentiles.Of([.. _ms]);
}
