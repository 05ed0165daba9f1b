using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Host.Audit;

namespace Streaming.Host.Replay;

/// <summary>
/// Tells every shard that history follows (design: ticks off, <c>outputs.from</c> set): a request to every partition of <c>control</c>, acknowledged by the broker before the
/// first event is written. Where an engine runs, waits until its batch records carry the request, so that no event can overtake it.
/// </summary>
internal sealed class HistoricalRequest(IEventSink sink, IRecordSource source, ReplayOptions options, TimeProvider time)
{
    /// <summary>The request's id.</summary>
    public string RequestId { get; } = "replay-" + Guid.NewGuid().ToString("N");

    /// <summary>Writes the request everywhere and waits for a running engine. Returns the partitions that did not acknowledge and seemed live; null where none seemed to run.</summary>
    public async ValueTask<IReadOnlyList<int>?> SendAsync(CancellationToken cancellation)
    {
        var topic = options.Topics.Control;
        var partitions = await source.PartitionCountAsync(topic, cancellation);
        if (partitions == 0) throw new HistoryFormatException($"topic {topic} does not exist; start the engine once, or let replay create the topics");
        var tails = new Tail[partitions];
        for (var p = 0; p < partitions; p++) tails[p] = await ReadTailAsync(topic, p, cancellation);
        var value = JsonSerializer.SerializeToUtf8Bytes(new ControlRequest { RequestId = RequestId, Type = "historical", TimeMs = options.OutputsFromMs ?? 0 }, ContractsJson.Default.ControlRequest);
        for (var p = 0; p < partitions; p++)
        {
            await sink.WriteAsync(topic, p, Encoding.UTF8.GetBytes(p.ToString(CultureInfo.InvariantCulture)), value, cancellation);
        }

        await sink.FlushAsync(cancellation);
        return await WaitAsync(topic, tails, cancellation);
    }

    private async ValueTask<Tail> ReadTailAsync(string topic, int partition, CancellationToken cancellation)
    {
        var bounds = await source.BoundsAsync(topic, partition, cancellation);
        long newestMs = long.MinValue;
        var from = Math.Max(bounds.LogStart, bounds.StableEnd - options.Request.LookBack);
        await foreach (var record in source.ReadAsync(topic, partition, from, bounds.StableEnd, cancellation))
        {
            if (ControlRecords.TryBatch(record.Value, out _)) newestMs = Math.Max(newestMs, record.TimestampMs);
        }

        var isLive = newestMs != long.MinValue && time.GetUtcNow().ToUnixTimeMilliseconds() - newestMs < options.Request.LiveEngineAge.TotalMilliseconds;
        return new Tail(bounds.StableEnd, isLive);
    }

    private async ValueTask<IReadOnlyList<int>?> WaitAsync(string topic, Tail[] tails, CancellationToken cancellation)
    {
        var open = Enumerable.Range(0, tails.Length).ToList();
        var isLive = tails.Any(tail => tail.IsLive);
        var started = time.GetTimestamp();
        while (true)
        {
            for (var i = open.Count - 1; i >= 0; i--)
            {
                if (await IsAcknowledgedAsync(topic, open[i], tails, cancellation)) open.RemoveAt(i);
            }

            if (open.Count < tails.Length) isLive = true;
            if (open.Count == 0) return [];
            if (time.GetElapsedTime(started) >= (isLive ? options.Request.LiveWait : options.Request.IdleWait)) return isLive ? open : null;
            await Task.Delay(options.Request.PollInterval, time, cancellation);
        }
    }

    private async ValueTask<bool> IsAcknowledgedAsync(string topic, int partition, Tail[] tails, CancellationToken cancellation)
    {
        var bounds = await source.BoundsAsync(topic, partition, cancellation);
        if (bounds.StableEnd <= tails[partition].Next) return false;
        await foreach (var record in source.ReadAsync(topic, partition, tails[partition].Next, bounds.StableEnd, cancellation))
        {
            tails[partition] = tails[partition] with { Next = record.Offset + 1 };
            if (ControlRecords.TryBatch(record.Value, out var batch) && batch.Facts is { } facts && facts.Any(fact => fact.RequestId == RequestId)) return true;
        }

        return false;
    }

    private readonly record struct Tail(long Next, bool IsLive);
}
