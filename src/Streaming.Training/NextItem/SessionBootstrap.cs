namespace Streaming.Training.NextItem;

/// <summary>95 % intervals of means over positions, by drawing sessions with replacement: positions of one session are not independent. All intervals of a run share their draws, so that differences are paired.</summary>
internal sealed class SessionBootstrap
{
    private readonly int[] _sessions;
    private readonly int[][] _draws;
    private readonly int[] _sizes;

    /// <summary>Draws sessions.</summary>
    /// <param name="sessions">Session of each position, from 0 without gaps.</param>
    /// <param name="draws">Draws.</param>
    /// <param name="seed">Seed.</param>
    public SessionBootstrap(int[] sessions, int draws, int seed)
    {
        _sessions = sessions;
        var count = sessions.Length == 0 ? 0 : sessions.Max() + 1;
        _sizes = new int[count];
        foreach (var session in sessions) _sizes[session]++;
        var random = new SeededRandom((ulong)seed);
        _draws = new int[draws][];
        for (var d = 0; d < draws; d++)
        {
            // How often each session was drawn.
            var times = new int[count];
            for (var i = 0; i < count; i++) times[random.Below(count)]++;
            _draws[d] = times;
        }
    }

    /// <summary>Sessions.</summary>
    public int Sessions => _sizes.Length;

    /// <summary>Ends of the interval of a mean; NaN where there are no positions.</summary>
    /// <param name="values">One a position.</param>
    public (double Low, double High) Interval(IReadOnlyList<double> values)
    {
        if (_sizes.Length == 0) return (double.NaN, double.NaN);
        var sums = new double[_sizes.Length];
        for (var i = 0; i < values.Count; i++) sums[_sessions[i]] += values[i];
        var means = new double[_draws.Length];
        for (var d = 0; d < means.Length; d++)
        {
            var (sum, count, times) = (0.0, 0L, _draws[d]);
            for (var s = 0; s < sums.Length; s++)
            {
                sum += times[s] * sums[s];
                count += times[s] * _sizes[s];
            }

            means[d] = sum / count;
        }

        Array.Sort(means);
        return (means[(int)(means.Length * 0.025)], means[Math.Min(means.Length - 1, (int)(means.Length * 0.975))]);
    }
}
