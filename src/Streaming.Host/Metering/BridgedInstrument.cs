using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Prometheus;

namespace Streaming.Host.Metering;

/// <summary>One instrument as Prometheus sees it. Its label names are those of its first measurement, in alphabetical order.</summary>
internal sealed class BridgedInstrument
{
    private readonly Instrument _instrument;
    private readonly MetricFactory _factory;
    private readonly bool _isObservableGauge;
    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly Lock _creating = new();
    private volatile string[]? _labels;
    private Counter? _counter;
    private Gauge? _gauge;
    private Histogram? _histogram;

    /// <summary>Prepares; the metric is made by the first measurement.</summary>
    public BridgedInstrument(Instrument instrument, MetricFactory factory)
    {
        _instrument = instrument;
        _factory = factory;
        _isObservableGauge = instrument.IsObservable && !KindIs("ObservableCounter");
    }

    /// <summary>Takes one measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long collection)
    {
        var labels = _labels ?? Create(tags);
        var values = Values(labels, tags);
        if (_counter is not null)
        {
            if (_instrument.IsObservable) _counter.WithLabels(values).IncTo(value);
            else _counter.WithLabels(values).Inc(value);
        }
        else if (_gauge is not null)
        {
            if (_isObservableGauge || KindIs("Gauge")) _gauge.WithLabels(values).Set(value);
            else _gauge.WithLabels(values).Inc(value);
            if (_isObservableGauge && labels.Length > 0) _seen[string.Join('\u001f', values)] = collection;
        }
        else
        {
            _histogram!.WithLabels(values).Observe(value);
        }
    }

    /// <summary>Removes the series of an observable gauge that this collection did not report.</summary>
    public void ForgetOlderThan(long collection)
    {
        if (!_isObservableGauge) return;
        foreach (var (key, last) in _seen)
        {
            if (last >= collection || !_seen.TryRemove(key, out _)) continue;
            _gauge?.RemoveLabelled(key.Split('\u001f'));
        }
    }

    private string[] Create(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_creating)
        {
            if (_labels is not null) return _labels;
            var labels = new string[tags.Length];
            for (var i = 0; i < tags.Length; i++) labels[i] = tags[i].Key;
            Array.Sort(labels, StringComparer.Ordinal);
            var help = _instrument.Description ?? _instrument.Name;
            if (KindIs("Counter") || KindIs("ObservableCounter")) _counter = _factory.CreateCounter(_instrument.Name, help, labels);
            else if (KindIs("Histogram")) _histogram = _factory.CreateHistogram(_instrument.Name, help, labels, new HistogramConfiguration { Buckets = MetricBuckets.For(_instrument.Name) });
            else _gauge = _factory.CreateGauge(_instrument.Name, help, labels);
            return _labels = labels;
        }
    }

    private bool KindIs(string kind) => _instrument.GetType().Name == kind + "`1";

    private static string[] Values(string[] labels, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (labels.Length == 0) return [];
        var values = new string[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            values[i] = "";
            foreach (var (key, value) in tags)
            {
                if (key == labels[i]) values[i] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            }
        }

        return values;
    }
}
