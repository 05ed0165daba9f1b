using System.Diagnostics.Metrics;
using Streaming.Core;

namespace Streaming.Pipeline.Shards;

/// <summary>Counters and histograms of the drivers of shards.</summary>
internal static class ShardMetrics
{
    private static readonly Histogram<double> StepSeconds =
        EngineMeter.Meter.CreateHistogram<double>("streaming_shard_step_seconds", "s", "Time of one step of a shard, by step (ingest includes the poll wait).");

    private static readonly Counter<long> Failures =
        EngineMeter.Meter.CreateCounter<long>("streaming_shard_failures_total", null, "Errors that ended a run of a shard, by the action they ask for.");

    private static readonly Counter<long> HandOffs =
        EngineMeter.Meter.CreateCounter<long>("streaming_shard_hand_offs_total", null, "Shards handed off, by result (flushed or unflushed).");

    private static readonly Counter<long> Queries =
        EngineMeter.Meter.CreateCounter<long>("streaming_user_queries_total", null, "Queries of users answered by shards of this node, by result.");

    public static void Step(string step, TimeSpan took) => StepSeconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("step", step));

    public static void Failure(string action) => Failures.Add(1, new KeyValuePair<string, object?>("action", action));

    public static void HandOff(bool flushed) => HandOffs.Add(1, new KeyValuePair<string, object?>("result", flushed ? "flushed" : "unflushed"));

    public static void Query(string result) => Queries.Add(1, new KeyValuePair<string, object?>("result", result));
}
