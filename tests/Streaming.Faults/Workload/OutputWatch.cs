using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Shard;
using Streaming.Kafka;

namespace Streaming.Faults.Workload;

/// <summary>Reads recommendations as a shop does (committed ones alone) and notes when something arrived from each partition.</summary>
internal sealed class OutputWatch : IAsyncDisposable
{
    private const int MaxRecords = 1000, MaxRemembered = 20_000;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<DateTime>[] _arrivals;
    private readonly Task _reading;

    private OutputWatch(KafkaTopicReader reader, int partitions)
    {
        _arrivals = [.. Enumerable.Range(0, partitions).Select(_ => new List<DateTime>())];
        _reading = Task.Run(() => ReadAsync(reader));
    }

    /// <summary>Begins at the topic's start.</summary>
    public static async Task<OutputWatch> StartAsync(string bootstrap, string prefix, int partitions, CancellationToken cancellation)
    {
        var kafka = new KafkaOptions { BootstrapServers = bootstrap, TopicPrefix = prefix, Partitions = partitions };
        return new OutputWatch(await KafkaTopicReader.OpenAsync(kafka, kafka.Topics.Recommendations, [.. Enumerable.Range(0, partitions)], null, NullLogger<KafkaTopicReader>.Instance, cancellation), partitions);
    }

    /// <summary>The first arrival from a partition after a moment; null where none came within the limit.</summary>
    public async Task<DateTime?> FirstAfterAsync(int partition, DateTime after, TimeSpan limit, CancellationToken cancellation)
    {
        for (var end = DateTime.UtcNow + limit; DateTime.UtcNow < end; await Task.Delay(20, cancellation))
        {
            if (_reading.IsFaulted) await _reading;
            lock (_arrivals)
            {
                if (_arrivals[partition].Find(at => at > after) is var found && found != default) return found;
            }
        }

        return null;
    }

    /// <summary>The longest time without an arrival from a partition between two moments.</summary>
    public TimeSpan LongestPause(int partition, DateTime from, DateTime to)
    {
        lock (_arrivals)
        {
            var (last, longest) = (from, TimeSpan.Zero);
            foreach (var at in _arrivals[partition].Where(at => at > from && at < to).Append(to))
            {
                if (at - last > longest) longest = at - last;
                last = at;
            }

            return longest;
        }
    }

    /// <summary>The last arrival from a partition before a moment; null where there was none.</summary>
    public DateTime? LastBefore(int partition, DateTime before)
    {
        lock (_arrivals) return _arrivals[partition].FindLast(at => at <= before) is var found && found != default ? found : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReadAsync(KafkaTopicReader reader)
    {
        await using var closing = reader;
        var batch = new RecordBatch();
        while (true)
        {
            var partition = await reader.ReadAsync(batch, MaxRecords, TimeSpan.FromSeconds(1), _stop.Token);
            if (partition < 0 || batch.Count == 0) continue;
            lock (_arrivals)
            {
                _arrivals[partition].Add(DateTime.UtcNow);
                if (_arrivals[partition].Count > MaxRemembered) _arrivals[partition].RemoveRange(0, MaxRemembered / 2);
            }
        }
    }
}
