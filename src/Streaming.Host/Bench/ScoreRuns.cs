using System.Diagnostics.Metrics;
using Streaming.Core;

namespace Streaming.Host.Bench;

/// <summary>Sums what the scorer says of its model runs.</summary>
internal sealed class ScoreRuns : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private long _runs, _rows;
    private double _seconds;

    public ScoreRuns()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == EngineMeter.Name && instrument.Name is "streaming_score_run_seconds" or "streaming_score_batch_rows") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Add(0, 0, seconds));
        _listener.SetMeasurementEventCallback<int>((_, rows, _, _) => Add(1, rows, 0));
        _listener.Start();
    }

    /// <summary>Runs, their rows, and the time within them, since the listener's start.</summary>
    public (long Runs, long Rows, double Seconds) Read()
    {
        lock (_gate) return (_runs, _rows, _seconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Add(int runs, int rows, double seconds)
    {
        lock (_gate)
        {
            _runs += runs;
            _rows += rows;
            _seconds += seconds;
        }
    }
}
