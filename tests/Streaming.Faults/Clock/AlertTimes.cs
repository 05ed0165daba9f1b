using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Core.Shard;
using Streaming.Kafka;

namespace Streaming.Faults.Clock;

/// <summary>
/// When churn alerts went out, against the events that were there by then, and what ticks and the first start made of time: reads <c>events</c>, <c>control</c> and <c>churn-alerts</c> and knows no clock
/// but that of the events and the broker's.
/// </summary>
/// <param name="kafka">Where they are.</param>
/// <param name="silence">Least time after a purchase at which an alert may be due.</param>
/// <param name="ticks">How much ticks may add to the time of the events: no more than has passed.</param>
/// <param name="tolerance">How far the first start's time may lie beyond the broker's.</param>
internal sealed class AlertTimes(KafkaOptions kafka, TimeSpan silence, TimeSpan ticks, TimeSpan tolerance)
{
    /// <summary>Alerts seen.</summary>
    public int Alerts { get; private set; }

    /// <summary>Alerts of a tick's time.</summary>
    public int AlertsByTick { get; private set; }

    /// <summary>Ticks seen.</summary>
    public int Ticks { get; private set; }

    /// <summary>What is wrong with them.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Looks at one partition.</summary>
    public async Task CheckAsync(int partition, CancellationToken cancellation)
    {
        // Event time of each offset, and the highest one up to there: stream time, without the ticks.
        var (own, high, now) = (new Dictionary<long, long>(), new List<(long Offset, long AtMs)>(), 0L);
        await foreach (var (offset, _, value) in ReadAsync(kafka.Topics.Events, partition, cancellation))
        {
            own[offset] = OccurredAt(value);
            now = Math.Max(now, own[offset]);
            high.Add((offset, now));
        }

        var (before, ticked, firstMs, outputsFromMs) = (new Dictionary<(string User, long Episode), long>(), new HashSet<long>(), 0L, 0L);
        await foreach (var (_, appendedMs, value) in ReadAsync(kafka.Topics.Control, partition, cancellation))
        {
            if (Batch(value) is not { } batch) continue;
            if (firstMs == 0) firstMs = appendedMs;
            foreach (var fact in batch.Facts ?? [])
            {
                if (fact is { Type: "outputs_from", TimeMs: { } from }) outputsFromMs = from;
                if (fact is { Type: "tick", TimeMs: { } tick })
                {
                    ticked.Add(tick);
                    CheckTick(partition, tick, KnownAt(high, fact.Before - 1));
                }

                if (fact is { Type: "alert", User: { } user, Episode: { } episode } && !before.TryAdd((user, episode), fact.Before)) Faults.Add($"two facts of one alert: {user}, episode {episode}");
            }
        }

        if (outputsFromMs == 0) Faults.Add($"partition {partition}: no first start is told");
        else if (outputsFromMs > firstMs + (long)tolerance.TotalMilliseconds) Faults.Add($"partition {partition}: alerts go out from {outputsFromMs} on, and the broker had the first batch at {firstMs}");
        var met = new HashSet<(string, long)>();
        await foreach (var (_, _, value) in ReadAsync(kafka.Topics.ChurnAlerts, partition, cancellation))
        {
            var alert = JsonSerializer.Deserialize(value, ContractsJson.Default.ChurnAlert)!;
            Alerts++;
            var who = alert.UserId ?? alert.AnonymousId ?? "";
            if (!met.Add((who, alert.Episode))) Faults.Add($"a second alert of {who} in episode {alert.Episode}");
            var known = before.Where(f => f.Key.Episode == alert.Episode).Select(f => (long?)f.Value).SingleOrDefault() is { } at ? KnownAt(high, at) : 0;
            if (ticked.Contains(alert.OccurredAt)) AlertsByTick++;
            if (alert.OccurredAt > known + (long)ticks.TotalMilliseconds) Faults.Add($"alert {alert.AlertId} of {alert.OccurredAt} before the events had come to that time ({known})");
            if (alert.OccurredAt < own.GetValueOrDefault(alert.Episode) + (long)silence.TotalMilliseconds) Faults.Add($"alert {alert.AlertId} after less than {silence} without a purchase");
        }
    }

    private void CheckTick(int partition, long tickMs, long knownMs)
    {
        Ticks++;
        if (tickMs > knownMs + (long)ticks.TotalMilliseconds) Faults.Add($"partition {partition}: a tick to {tickMs} where events had come to {knownMs} and no more than {ticks} had passed");
    }

    // Not every offset is a record: markers of transactions lie between.
    private static long KnownAt(List<(long Offset, long AtMs)> high, long offset)
    {
        var at = high.BinarySearch((offset, long.MaxValue));
        return at >= 0 ? high[at].AtMs : ~at > 0 ? high[~at - 1].AtMs : 0;
    }

    private static ControlBatch? Batch(byte[] value)
    {
        using var json = JsonDocument.Parse(value);
        return json.RootElement.TryGetProperty("kind", out var kind) && kind.GetString() == "batch" ? JsonSerializer.Deserialize(value, ContractsJson.Default.ControlBatch) : null;
    }

    private static long OccurredAt(byte[] value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return json.RootElement.TryGetProperty("occurredAt", out var at) ? at.GetInt64() : 0;
        }
        catch (JsonException)
        {
            return 0; // a record that is no event
        }
    }

    private async IAsyncEnumerable<(long Offset, long AppendedMs, byte[] Value)> ReadAsync(string topic, int partition, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        const int MostRecords = 5000;
        await using var reader = await KafkaTopicReader.OpenAsync(kafka, topic, [partition], null, NullLogger<KafkaTopicReader>.Instance, cancellation);
        var batch = new RecordBatch();
        while (reader.Position(partition) < reader.Bounds[partition].StableEnd)
        {
            if (await reader.ReadAsync(batch, MostRecords, TimeSpan.FromSeconds(1), cancellation) < 0) continue;
            for (var i = 0; i < batch.Count; i++) yield return (batch.Records[i].Offset, batch.Records[i].TimestampMs, batch.Value(batch.Records[i]).ToArray());
        }
    }
}
