using System.Diagnostics.Metrics;
using System.Globalization;
using Streaming.Core;

namespace Streaming.Host.Bench;

/// <summary>Sums the engine's own time histograms while a benchmark runs, to say where the time went.</summary>
internal sealed class StageTimes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, (long Count, double Sum)> _sums = new(StringComparer.Ordinal);

    public StageTimes()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == EngineMeter.Name && instrument is Histogram<double>) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.Start();
    }

    /// <summary>One line an instrument: number and sum.</summary>
    public IEnumerable<string> Lines()
    {
        lock (_sums) return [.. _sums.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key}: {s.Value.Count} times, sum {s.Value.Sum:0.0}"))];
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
