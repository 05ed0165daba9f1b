using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Core.Shard;
using Streaming.Kafka;

namespace Streaming.Faults.Clock;

/// <summary>
/// When churn alerts went out, against the events that were there by then: reads <c>events</c>, <c>control</c> and <c>churn-alerts</c> and knows nothing of any clock but that of the events.
/// </summary>
internal sealed class AlertTimes(KafkaOptions kafka, TimeSpan silence, TimeSpan ticks)
{
    /// <summary>Alerts seen.</summary>
    public int Alerts { get; private set; }

    /// <summary>What is wrong with them.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Looks at one partition.</summary>
    public async Task CheckAsync(int partition, CancellationToken cancellation)
    {
        // Event time of each offset, and the highest one up to there: stream time, without the ticks.
        var (own, high, now) = (new Dictionary<long, long>(), new Dictionary<long, long>(), 0L);
        await foreach (var (offset, value) in ReadAsync(kafka.Topics.Events, partition, cancellation))
        {
            own[offset] = OccurredAt(value);
            high[offset] = now = Math.Max(now, own[offset]);
        }

        var before = new Dictionary<(string User, long Episode), long>();
        await foreach (var (_, value) in ReadAsync(kafka.Topics.Control, partition, cancellation))
        {
            foreach (var fact in Batch(value)?.Facts ?? [])
            {
                if (fact is not { Type: "alert", User: { } user, Episode: { } episode }) continue;
                if (!before.TryAdd((user, episode), fact.Before)) Faults.Add($"two facts of one alert: {user}, episode {episode}");
            }
        }

        var met = new HashSet<(string, long)>();
        await foreach (var (_, value) in ReadAsync(kafka.Topics.ChurnAlerts, partition, cancellation))
        {
            var alert = JsonSerializer.Deserialize(value, ContractsJson.Default.ChurnAlert)!;
            Alerts++;
            var who = alert.UserId ?? alert.AnonymousId ?? "";
            if (!met.Add((who, alert.Episode))) Faults.Add($"a second alert of {who} in episode {alert.Episode}");
            var fact = before.Where(f => f.Key.Episode == alert.Episode).Select(f => (long?)f.Value).SingleOrDefault();
            var known = fact is { } at ? high.GetValueOrDefault(Math.Min(at, high.Keys.Max())) : 0;
            if (alert.OccurredAt > known + (long)ticks.TotalMilliseconds) Faults.Add($"alert {alert.AlertId} of {alert.OccurredAt} before the events had come to that time ({known})");
            if (alert.OccurredAt < own.GetValueOrDefault(alert.Episode) + (long)silence.TotalMilliseconds) Faults.Add($"alert {alert.AlertId} after less than {silence} without a purchase");
        }
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

    private async IAsyncEnumerable<(long Offset, byte[] Value)> ReadAsync(string topic, int partition, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        const int MostRecords = 5000;
        await using var reader = await KafkaTopicReader.OpenAsync(kafka, topic, [partition], null, NullLogger<KafkaTopicReader>.Instance, cancellation);
        var batch = new RecordBatch();
        while (reader.Position(partition) < reader.Bounds[partition].StableEnd)
        {
            if (await reader.ReadAsync(batch, MostRecords, TimeSpan.FromSeconds(1), cancellation) < 0) continue;
            for (var i = 0; i < batch.Count; i++) yield return (batch.Records[i].Offset, batch.Value(batch.Records[i]).ToArray());
        }
    }
}
