using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Streaming.Core;

namespace Streaming.Pipeline.Shards;

/// <summary>Gauges over the shards of every registry of the process (one, except in tests).</summary>
internal static class ShardGauges
{
    private static readonly ConcurrentDictionary<IShardRegistry, byte> Registries = new();

    static ShardGauges()
    {
        var meter = EngineMeter.Meter;
        meter.CreateObservableGauge("streaming_shards", ByPhase, null, "Shards of this node, by phase.");
        meter.CreateObservableGauge("streaming_shard_lag_events", () => Each(s => s.Status!.LagEvents), null, "Events between C and the end of the partition.");
        meter.CreateObservableGauge("streaming_shard_committed_offset", () => Each(s => s.Status!.Committed.Events), null, "Committed offset C of events.");
        meter.CreateObservableGauge("streaming_shard_undurable_events", () => Each(s => Math.Max(0, s.Status!.Committed.Events - s.Status.Durable.Events)), null, "Events between R and C: what a restore replays.");
        meter.CreateObservableGauge("streaming_shard_resident_users", () => Each(s => s.Status!.ResidentUsers), null, "Users in memory, as objects.");
        meter.CreateObservableGauge("streaming_shard_compact_users", () => Each(s => s.Status!.CompactUsers), null, "Further users in memory, as packed rows.");
        meter.CreateObservableGauge("streaming_shard_compact_bytes", () => Each(s => s.Status!.CompactBytes), "By", "Bytes of the packed rows.");
        meter.CreateObservableGauge("streaming_shard_dirty_users", () => Each(s => s.Status!.DirtyUsers), null, "Users whose row is behind their state.");
        meter.CreateObservableGauge("streaming_shard_parked_users", () => Each(s => s.Status!.ParkedUsers), null, "Users whose row could not be read.");
        meter.CreateObservableGauge("streaming_shard_defers_dues", () => Each(s => s.Status!.DefersDues ? 1 : 0), null, "1 while sessions that are over may wait for due entries that the store has not given.");
        meter.CreateObservableGauge("streaming_shard_lost_users", () => Each(s => s.Status!.LostUserCount), null, "Parked users whose row was refused and that the topics no longer reach back to.");
    }

    /// <summary>Shows a registry's shards; the gauges exist from the first on.</summary>
    public static void Add(IShardRegistry registry) => Registries.TryAdd(registry, 0);

    /// <summary>Shows them no longer.</summary>
    public static void Remove(IShardRegistry registry) => Registries.TryRemove(registry, out _);

    private static IEnumerable<Measurement<long>> ByPhase() => Registries.Keys.SelectMany(r => r.Shards).GroupBy(s => s.Phase)
        .Select(g => new Measurement<long>(g.Count(), new KeyValuePair<string, object?>("phase", g.Key)));

    private static IEnumerable<Measurement<long>> Each(Func<LocalShard, long> value) => Registries.Keys.SelectMany(r => r.Shards)
        .Where(s => s.Status is not null)
        .Select(s => new Measurement<long>(value(s), new KeyValuePair<string, object?>("partition", s.Partition)));
}
