using System.Diagnostics.Metrics;
using Streaming.Core;

namespace Streaming.Host.Bench;

/// <summary>Sums one of the engine's counters while a benchmark runs.</summary>
internal sealed class CounterSum : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sum;

    public CounterSum(string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == EngineMeter.Name && instrument.Name == name) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _sum, value));
        _listener.Start();
    }

    /// <summary>Sum since the listener's start.</summary>
    public long Value => Interlocked.Read(ref _sum);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
