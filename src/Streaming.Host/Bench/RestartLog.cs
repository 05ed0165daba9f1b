using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Events;
using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>The events of <c>bench restart</c>: those before the stop, at least one of every user, and those of the gap. It knows whom the gap touches.</summary>
/// <param name="options">What is measured.</param>
/// <param name="kafka">Kafka, with the run's topics.</param>
internal sealed class RestartLog(RestartBenchOptions options, KafkaOptions kafka)
{
    private readonly PeerDraw _draw = new(options.Users, options.Items, options.Seed);
    private readonly bool[] _isTouched = new bool[options.Users];

    /// <summary>Events written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Writes what came before the stop.</summary>
    public Task WriteHistoryAsync(CancellationToken cancellation)
    {
        var events = (long)options.Users * options.EventsPerUser;
        return WriteAsync(events, i => i < options.Users ? (int)i : null, cancellation);
    }

    /// <summary>Writes events drawn from the whole population, and notes whom they touch.</summary>
    public Task WriteGapAsync(CancellationToken cancellation) => WriteAsync(options.Gap, null, cancellation);

    /// <summary>Writes one event for each shard, of users whom the gap touches already.</summary>
    public Task WriteWakingAsync(CancellationToken cancellation)
    {
        var wakers = Enumerable.Range(0, options.Users).Where(u => _isTouched[u]).DistinctBy(Shard).ToArray();
        return WriteAsync(wakers.Length, i => wakers[i], cancellation);
    }

    /// <summary>Whether the gap touches a user.</summary>
    public bool IsTouched(int user) => (uint)user < (uint)_isTouched.Length && _isTouched[user];

    /// <summary>Profile keys of the users of a shard whom the gap touches, in key order.</summary>
    public byte[][] Keys(int shard)
    {
        var keys = Enumerable.Range(0, options.Users).Where(u => _isTouched[u] && Shard(u) == shard).Select(PopulationRows.Key).ToArray();
        Array.Sort(keys, (x, y) => x.AsSpan().SequenceCompareTo(y));
        return keys;
    }

    /// <summary>End of every partition of <c>events</c>.</summary>
    public async Task<long[]> EndsAsync(CancellationToken cancellation)
    {
        await using var reader = new KafkaLogReader(kafka, NullLogger<KafkaLogReader>.Instance);
        var ends = new long[options.Shards];
        for (var p = 0; p < ends.Length; p++) ends[p] = (await reader.BoundsAsync(kafka.Topics.Events, p, cancellation)).StableEnd;
        return ends;
    }

    private async Task WriteAsync(long count, Func<long, int?>? userOf, CancellationToken cancellation)
    {
        await using var writer = new KafkaEventWriter(kafka, NullLogger<KafkaEventWriter>.Instance);
        for (var i = 0L; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (userOf?.Invoke(i) is { } user) _draw.Next(Written++, user);
            else _draw.Next(Written++);
            if (userOf is null) _isTouched[_draw.User] = true;
            writer.Write(kafka.Topics.Events, options.Shards, _draw.Key, _draw.Value);
        }

        await writer.FlushAsync(cancellation);
    }

    private int Shard(int user) => Murmur2.Partition(PopulationRows.Key(user).AsSpan(2), options.Shards);
}
