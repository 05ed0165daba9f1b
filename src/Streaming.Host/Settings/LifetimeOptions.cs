namespace Streaming.Host.Settings;

/// <summary>Start, readiness and drain of a node.</summary>
internal sealed record LifetimeOptions
{
    /// <summary>How long a drain (hand-off, flush) may take before the process gives up and exits 1, 1 s to 10 min.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Pause before a start that found broker or store away is tried again, 100 ms to 1 min; doubled each time up to ten times it.</summary>
    public TimeSpan StartRetry { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>How long shards wait for the item index to be read before they start without it, 0 to 10 min.</summary>
    public TimeSpan ItemIndexWait { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>How often the broker is asked whether it answers, 1 s to 5 min.</summary>
    public TimeSpan BrokerProbeInterval { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>How long the broker may take to answer before the node is not ready, 100 ms to 1 min.</summary>
    public TimeSpan BrokerProbeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (DrainTimeout < TimeSpan.FromSeconds(1) || DrainTimeout > TimeSpan.FromMinutes(10)) yield return $"DrainTimeout must be 1 s to 10 min, not {DrainTimeout}.";
        if (StartRetry < TimeSpan.FromMilliseconds(100) || StartRetry > TimeSpan.FromMinutes(1)) yield return $"StartRetry must be 100 ms to 1 min, not {StartRetry}.";
        if (ItemIndexWait < TimeSpan.Zero || ItemIndexWait > TimeSpan.FromMinutes(10)) yield return $"ItemIndexWait must be 0 to 10 min, not {ItemIndexWait}.";
        if (BrokerProbeInterval < TimeSpan.FromSeconds(1) || BrokerProbeInterval > TimeSpan.FromMinutes(5)) yield return $"BrokerProbeInterval must be 1 s to 5 min, not {BrokerProbeInterval}.";
        if (BrokerProbeTimeout < TimeSpan.FromMilliseconds(100) || BrokerProbeTimeout > TimeSpan.FromMinutes(1)) yield return $"BrokerProbeTimeout must be 100 ms to 1 min, not {BrokerProbeTimeout}.";
    }
}
