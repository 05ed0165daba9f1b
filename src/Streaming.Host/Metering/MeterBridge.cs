using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Prometheus;

namespace Streaming.Host.Metering;

/// <summary>
/// Publishes the instruments of one meter to a Prometheus registry under their own names and with their own kind. The library's adapter would put the
/// meter's name before them again, turn counters into gauges, and forget what has been quiet for five minutes.
/// </summary>
internal sealed class MeterBridge : IDisposable
{
    private readonly string _meter;
    private readonly MetricFactory _factory;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, BridgedInstrument> _instruments = new();
    private readonly Lock _collecting = new();
    private long _collection;

    /// <summary>Starts to listen; instruments made before or after are both published.</summary>
    /// <param name="meter">Name of the meter.</param>
    /// <param name="registry">Where to publish.</param>
    public MeterBridge(string meter, CollectorRegistry registry)
    {
        _meter = meter;
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == _meter) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>(Record);
        _listener.SetMeasurementEventCallback<long>(Record);
        _listener.SetMeasurementEventCallback<float>(Record);
        _listener.SetMeasurementEventCallback<double>(Record);
        _listener.Start();
        registry.AddBeforeCollectCallback(Collect);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Record<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) where T : struct, IConvertible =>
        _instruments.GetOrAdd(instrument, static (i, factory) => new BridgedInstrument(i, factory), _factory)
            .Record(value.ToDouble(null), tags, Volatile.Read(ref _collection));

    // What an observable gauge no longer reports (a shard that moved away) must not go on standing there.
    private void Collect()
    {
        lock (_collecting)
        {
            var collection = Interlocked.Increment(ref _collection);
            _listener.RecordObservableInstruments();
            foreach (var instrument in _instruments.Values) instrument.ForgetOlderThan(collection);
        }
    }
}
