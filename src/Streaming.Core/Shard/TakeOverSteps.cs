using System.Diagnostics;
using System.Globalization;

namespace Streaming.Core.Shard;

/// <summary>How long each step of a take-over took, and at which one it is: what an operator asks first where a fail-over or a hand-over is slow, or does not end. Safe to read from any thread.</summary>
/// <param name="time">Clock.</param>
internal sealed class TakeOverSteps(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<(string Step, TimeSpan Took)> _steps = [];
    private string? _step;
    private string? _recorded;
    private long _begun;

    /// <summary>Batches replayed.</summary>
    public long Batches { get; set; }

    /// <summary>Ends the step before and begins the next. One that comes again, as in a second pass, is added to.</summary>
    public void Begin(string step)
    {
        lock (_lock)
        {
            End();
            _step = step;
        }
    }

    /// <summary>Ends the last step, and records the steps of a take-over that came to its end.</summary>
    public void Record()
    {
        lock (_lock)
        {
            End();
            var all = _steps.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Took);
            _recorded = Text($"{all.TotalSeconds:0.00} s: {Ended()}; {Batches} batches replayed");
            foreach (var (step, took) in _steps) ShardMetrics.TakeOverSeconds.Record(took.TotalSeconds, new TagList { { "step", step } });
        }
    }

    /// <summary>All in one line, as <c>0.31 s: fence 0.05, offsets 0.02, …; 12 batches replayed</c>; before the end <c>not over after 7.31 s: fence 0.05, at offsets for 7.26; …</c>.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            if (_recorded is not null) return _recorded;
            if (_step is null) return "";
            var running = time.GetElapsedTime(_begun);
            var all = _steps.Aggregate(running, (sum, s) => sum + s.Took);
            return Text($"not over after {all.TotalSeconds:0.00} s: {Ended()}{(_steps.Count > 0 ? ", " : "")}at {_step} for {running.TotalSeconds:0.00}; {Batches} batches replayed");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string Ended() => string.Join(", ", _steps.Select(s => Text($"{s.Step} {s.Took.TotalSeconds:0.00}")));

    private void End()
    {
        var now = time.GetTimestamp();
        if (_step is { } step)
        {
            var took = time.GetElapsedTime(_begun, now);
            var at = _steps.FindIndex(s => s.Step == step);
            if (at < 0) _steps.Add((step, took));
            else _steps[at] = (step, _steps[at].Took + took);
        }

        _begun = now;
    }
}
