using System.Diagnostics.Metrics;

namespace Streaming.Core;

/// <summary>The one meter of the engine. Instruments are declared beside the code that moves them; the host publishes them on /metrics.</summary>
public static class EngineMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Streaming";

    /// <summary>The meter. Instrument names follow Prometheus: <c>streaming_</c> prefix, unit in the name, counters end in <c>_total</c>.</summary>
    public static readonly Meter Meter = new(Name);
}
