using System.Diagnostics.Metrics;
using System.Globalization;
using Streaming.Core;

namespace Streaming.Host.Bench;

/// <summary>Sums the engine's own histograms and counters while a benchmark runs, to say where the time went and how much was done.</summary>
internal sealed class StageTimes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, (long Count, double Sum)> _sums = new(StringComparer.Ordinal);

    public StageTimes()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == EngineMeter.Name && instrument is (Histogram<double> or Histogram<int> or Counter<long>)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.Start();
    }

    /// <summary>Number and sum of an instrument's measurements; zeros where there was none.</summary>
    public (long Count, double Sum) Of(string instrument)
    {
        lock (_sums) return _sums.GetValueOrDefault(instrument);
    }

    /// <summary>One line an instrument that measures time: number and sum.</summary>
    public IEnumerable<string> Lines()
    {
        lock (_sums)
            return [.. _sums.Where(s => s.Key.EndsWith("_seconds", StringComparison.Ordinal)).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key}: {s.Value.Count} times, sum {s.Value.Sum:0.0}"))];
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Add(string name, double value)
    {
        lock (_sums)
        {
            var (count, sum) = _sums.GetValueOrDefault(name);
            _sums[name] = (count + 1, sum + value);
        }
    }
}
