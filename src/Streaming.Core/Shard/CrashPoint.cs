using System.Diagnostics;
using Streaming.Core.Snapshot;
#if CRASH_POINTS
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Items;
#endif

namespace Streaming.Core.Shard;

/// <summary>
/// Named moments of an event's life at which a test can end the process (docs/fault-model-processes.md). Calls, their arguments and the handler exist only in builds with
/// <c>-p:CrashPoints=true</c>; from every other build the compiler leaves them out.
/// </summary>
public static class CrashPoint
{
#if CRASH_POINTS
    /// <summary>What happens at a point. The host sets it at start: the core itself ends no process.</summary>
    public static Action<string>? Handler { get; set; }

    /// <summary>The one point that the handler waits for: what others would cost to find out is saved.</summary>
    public static string? Awaited { get; set; }
#endif

    /// <summary>The process is at a point.</summary>
    [Conditional("CRASH_POINTS")]
    public static void Hit(string name) => HitWhere(true, name);

    /// <summary>The process is at a point that counts only under a condition.</summary>
    [Conditional("CRASH_POINTS")]
    public static void HitWhere(bool condition, string name)
    {
#if CRASH_POINTS
        if (condition) Handler?.Invoke(name);
#endif
    }

    /// <summary>A batch is at a point that counts only where an erase is among its events.</summary>
    [Conditional("CRASH_POINTS")]
    public static void HitWhereErasing(ShardBatch batch, string name)
    {
#if CRASH_POINTS
        foreach (ref readonly var e in batch.Decoded.Events)
        {
            if (e is not { Reason: DeadLetterReason.None, Type: EventType.Erase }) continue;
            Handler?.Invoke(name);
            return;
        }
#endif
    }

    /// <summary>Rows of a flush were written: a point once for each erased user among them.</summary>
    [Conditional("CRASH_POINTS")]
    public static void HitWhereErased(FlushBatch batch, IEnumerable<FlushRow> rows, string name)
    {
#if CRASH_POINTS
        if (Handler is null || Awaited != name) return;
        foreach (var row in rows)
        {
            if (new UserRowCodec(new ItemDictionary()).Decode(batch.Bytes.Span.Slice(row.Start, row.Length), new UserKey(row.Key)).IsErased) Handler(name);
        }
#endif
    }
}
