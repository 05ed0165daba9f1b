using System.Globalization;

namespace Streaming.Faults.Engine;

/// <summary>
/// Makes every shard of one engine stand still inside a flush, on demand: with statements to the store still to be sent. The engine says where a flush stands and where it goes on; one that is
/// frozen meanwhile says the second only once it is awake.
/// </summary>
/// <param name="point">Crash point that each flush passes once, before its last statement.</param>
/// <param name="trigger">File whose presence begins it.</param>
internal sealed class FlushHold(string point, string trigger)
{
    /// <summary>How long they stand, s. Who wakes later goes on at once.</summary>
    public const int Seconds = 12;

    private const string Flushes = "streaming_store_write_seconds_count";
    private static readonly TimeSpan Begin = TimeSpan.FromSeconds(Seconds * 2 / 3), Pause = TimeSpan.FromMilliseconds(20);
    private int _standing, _goneOn, _answered;
    private DateTime _begun;

    /// <summary>Environment of the engine. Flushes to Cassandra stand on threads of the pool: with two of these, on a machine of two processors, half of the shards would not get as far.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["CRASH_POINT"] = string.Create(CultureInfo.InvariantCulture, $"{point}:1:hold={Seconds}"),
        ["CRASH_POINT_WHEN"] = trigger,
        ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "20", // hexadecimal
    };

    /// <summary>Flushes that went on.</summary>
    public int GoneOn => Volatile.Read(ref _goneOn);

    /// <summary>Statements (of one row or of several) that the store answered after that.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Time until those that stand are due to go on; zero where none stands.</summary>
    public TimeSpan Left => _begun == default || _begun + TimeSpan.FromSeconds(Seconds + 1) - DateTime.UtcNow is not { Ticks: > 0 } left ? TimeSpan.Zero : left;

    /// <summary>Takes a line of the engine's output.</summary>
    public void Hear(string line)
    {
        if (!line.StartsWith($"crash point {point}:", StringComparison.Ordinal)) return;
        if (line.EndsWith(": stands", StringComparison.Ordinal)) Interlocked.Increment(ref _standing);
        else if (line.EndsWith(": goes on", StringComparison.Ordinal)) Interlocked.Increment(ref _goneOn);
        else if (line.EndsWith(": then A8-row-written", StringComparison.Ordinal)) Interlocked.Increment(ref _answered);
    }

    /// <summary>Begins, and waits until a flush of every shard stands.</summary>
    /// <returns>Flushes that the engine has written to their end until then; null where they did not all stand in time.</returns>
    public async Task<double?> StandAsync(EngineProcess engine, int shards, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(trigger, "", cancellation);
        _begun = DateTime.UtcNow;
        while (Volatile.Read(ref _standing) < shards)
        {
            if (engine.HasExited || DateTime.UtcNow - _begun > Begin) return null;
            await Task.Delay(Pause, cancellation);
        }

        // No other flush can end now: this number stands until the first of them goes on. 0: it does not answer.
        return await WrittenAsync(engine, cancellation) is > 0 and var written && GoneOn == 0 ? written : null;
    }

    /// <summary>Flushes that an engine has written to their end; 0 while it does not answer.</summary>
    public static async Task<double> WrittenAsync(EngineProcess engine, CancellationToken cancellation) => await engine.TryMetricAsync(Flushes, cancellation) ?? 0;
}
