using System.Text.Json;

namespace Streaming.Faults.Engine;

/// <summary>What /status says of the shards.</summary>
internal static class ShardStates
{
    /// <summary>True where so many shards run on the node.</summary>
    public static Func<JsonElement, bool> Running(int shards) => status => Lines(status) is var lines && lines.Count == shards && lines.TrueForAll(IsRunning);

    /// <summary>True where so many shards run, have read their partition to its end and wrote what they know.</summary>
    public static Func<JsonElement, bool> AtEnd(int shards) => status => Lines(status) is var lines && lines.Count == shards && lines.TrueForAll(s => IsRunning(s)
        && s.GetProperty("lagEvents").GetInt64() == 0 && s.GetProperty("committed").GetProperty("events").GetInt64() > 0 && s.GetProperty("dirtyUsers").GetInt32() == 0);

    /// <summary>True where so many shards were fenced by another owner, and stay away.</summary>
    public static Func<JsonElement, bool> Fenced(int shards) => status => Lines(status).Count(s => s.GetProperty("phase").GetString() == "fenced") == shards;

    /// <summary>Sum of the committed positions in events.</summary>
    public static long Committed(JsonElement status) => Lines(status).Sum(s => Math.Max(0, s.GetProperty("committed").GetProperty("events").GetInt64()));

    /// <summary>The committed position of one partition in events; 0 where the node does not own it.</summary>
    public static long Committed(JsonElement status, int partition) => status.GetProperty("shards").EnumerateArray().Where(s => s.GetProperty("partition").GetInt32() == partition)
        .Sum(s => Math.Max(0, s.GetProperty("status").GetProperty("committed").GetProperty("events").GetInt64()));

    /// <summary>Committed position in events by partition.</summary>
    public static Dictionary<int, long> CommittedOf(JsonElement status) => status.GetProperty("shards").EnumerateArray()
        .ToDictionary(s => s.GetProperty("partition").GetInt32(), s => s.GetProperty("status").GetProperty("committed").GetProperty("events").GetInt64());

    /// <summary>Committed position in links by partition.</summary>
    public static Dictionary<int, long> CommittedLinksOf(JsonElement status) => status.GetProperty("shards").EnumerateArray()
        .ToDictionary(s => s.GetProperty("partition").GetInt32(), s => s.GetProperty("status").GetProperty("committed").GetProperty("links").GetInt64());

    /// <summary>Committed position in events of those alone that run.</summary>
    public static Dictionary<int, long> CommittedOfRunning(JsonElement status)
    {
        var running = RunningPartitions(status);
        return CommittedOf(status).Where(c => running.Contains(c.Key)).ToDictionary();
    }

    /// <summary>True where every shard, those that were there before among them, has committed more than it had.</summary>
    public static bool AllBeyond(JsonElement status, Dictionary<int, long> before)
    {
        var now = CommittedOf(status);
        return before.Keys.All(now.ContainsKey) && now.All(c => c.Value > before.GetValueOrDefault(c.Key, -1));
    }

    /// <summary>True where each of some shards has committed more than it had.</summary>
    public static bool AllBeyondOf(JsonElement status, Dictionary<int, long> before) => CommittedOf(status) is var now && before.All(b => now.GetValueOrDefault(b.Key, -1) > b.Value);

    /// <summary>Phase by partition.</summary>
    public static Dictionary<int, string> PhaseOf(JsonElement status) => status.GetProperty("shards").EnumerateArray()
        .ToDictionary(s => s.GetProperty("partition").GetInt32(), s => s.GetProperty("status").GetProperty("phase").GetString() ?? "");

    /// <summary>Where the last take-over of each shard spent its time, or at which step it is.</summary>
    public static Dictionary<int, string> TakeOverOf(JsonElement status) => status.GetProperty("shards").EnumerateArray()
        .ToDictionary(s => s.GetProperty("partition").GetInt32(), s => s.GetProperty("status").GetProperty("takeOver").GetString() ?? "");

    /// <summary>Highest event time or tick of each shard, ms.</summary>
    public static Dictionary<int, long> StreamTimeOf(JsonElement status) => status.GetProperty("shards").EnumerateArray()
        .ToDictionary(s => s.GetProperty("partition").GetInt32(), s => s.GetProperty("status").GetProperty("streamTimeMs").GetInt64());

    /// <summary>Sum of the low-water marks in events.</summary>
    public static long Durable(JsonElement status) => Lines(status).Sum(s => Math.Max(0, s.GetProperty("durable").GetProperty("events").GetInt64()));

    /// <summary>Sum of the users whose row is behind their state.</summary>
    public static long Dirty(JsonElement status) => Lines(status).Sum(s => s.GetProperty("dirtyUsers").GetInt64());

    /// <summary>Sum of the users in memory.</summary>
    public static long Resident(JsonElement status) => Lines(status).Sum(s => s.GetProperty("residentUsers").GetInt64());

    /// <summary>Sum of the users whose row cannot be read.</summary>
    public static long Parked(JsonElement status) => Lines(status).Sum(s => s.GetProperty("parkedUsers").GetInt64());

    /// <summary>Sum of the lags in events.</summary>
    public static long Lag(JsonElement status) => Lines(status).Sum(s => s.GetProperty("lagEvents").GetInt64());

    /// <summary>Version of the model in force; "none" where there is none.</summary>
    public static string Model(JsonElement status) => status.TryGetProperty("model", out var model) && model.GetString() is { } version ? version : "none";

    /// <summary>Number of shards that run on the node.</summary>
    public static int RunningCount(JsonElement status) => Lines(status).Count(IsRunning);

    /// <summary>Partitions whose shard runs on the node.</summary>
    public static int[] RunningPartitions(JsonElement status) =>
        [.. status.GetProperty("shards").EnumerateArray().Where(s => IsRunning(s.GetProperty("status"))).Select(s => s.GetProperty("partition").GetInt32())];

    /// <summary>Each shard in words.</summary>
    public static string Tell(JsonElement status) => string.Join(", ", status.GetProperty("shards").EnumerateArray().Select(s => (Partition: s.GetProperty("partition").GetInt32(), Line: s.GetProperty("status"))).OrderBy(s => s.Partition)
        .Select(s => $"shard {s.Partition} is {s.Line.GetProperty("phase").GetString()} with a lag of {s.Line.GetProperty("lagEvents").GetInt64()} events and {s.Line.GetProperty("dirtyUsers").GetInt32()} users to write"));

    private static bool IsRunning(JsonElement line) => line.GetProperty("phase").GetString() == "running";

    private static List<JsonElement> Lines(JsonElement status) => [.. status.GetProperty("shards").EnumerateArray().Select(s => s.GetProperty("status"))];
}
