namespace Streaming.Pipeline.Shards;

/// <summary>
/// Remembers, for the node, which partitions another owner fenced and until when they stay away. It outlives the entities: one that is created anew
/// by a ping must not fence the new owner back.
/// </summary>
internal sealed class FenceLedger(ShardDriverOptions options, TimeProvider time, Func<double> jitter)
{
    private readonly BackOff _backOff = new(options.FenceBackOff, options.FenceBackOffMax, jitter);
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly Lock _lock = new();

    /// <summary>Notes that a partition was fenced just now.</summary>
    /// <returns>How long it stays away.</returns>
    public TimeSpan Record(int partition)
    {
        lock (_lock)
        {
            var again = _entries.TryGetValue(partition, out var last) && time.GetElapsedTime(last.At) < last.Delay + options.FenceBackOffMax;
            var repetition = again ? last.Repetition + 1 : 0;
            var delay = _backOff.Delay(repetition);
            _entries[partition] = new Entry(repetition, time.GetTimestamp(), delay);
            return delay;
        }
    }

    /// <summary>How long a partition still stays away; zero where it need not.</summary>
    public TimeSpan Remaining(int partition)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(partition, out var entry)) return TimeSpan.Zero;
            var left = entry.Delay - time.GetElapsedTime(entry.At);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private readonly record struct Entry(int Repetition, long At, TimeSpan Delay);
}
