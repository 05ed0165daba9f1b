using System.Diagnostics;
using System.Globalization;

namespace Streaming.Core.Shard;

/// <summary>How long each step of a take-over took: what an operator asks first where a fail-over or a hand-over was slow.</summary>
/// <param name="time">Clock.</param>
internal sealed class TakeOverSteps(TimeProvider time)
{
    private readonly List<(string Step, TimeSpan Took)> _steps = [];
    private long _begun = time.GetTimestamp();

    /// <summary>Batches replayed.</summary>
    public long Batches { get; set; }

    /// <summary>Ends a step that began where the one before ended. One that comes again, as in a second pass, is added to.</summary>
    public void End(string step)
    {
        var now = time.GetTimestamp();
        var took = time.GetElapsedTime(_begun, now);
        _begun = now;
        var at = _steps.FindIndex(s => s.Step == step);
        if (at < 0) _steps.Add((step, took));
        else _steps[at] = (step, _steps[at].Took + took);
    }

    /// <summary>Records the steps of a take-over that came to its end.</summary>
    /// <returns>All in one line, as <c>0.31 s: fence 0.05, offsets 0.02, …</c>.</returns>
    public string Record()
    {
        var all = TimeSpan.Zero;
        foreach (var (step, took) in _steps)
        {
            ShardMetrics.TakeOverSeconds.Record(took.TotalSeconds, new TagList { { "step", step } });
            all += took;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{all.TotalSeconds:0.00} s: {string.Join(", ", _steps.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Step} {s.Took.TotalSeconds:0.00}")))}; {Batches} batches replayed");
    }
}
