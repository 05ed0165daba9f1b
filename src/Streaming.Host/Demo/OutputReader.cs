using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Shard;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Demo.Storefront;
using Streaming.Kafka;

namespace Streaming.Host.Demo;

/// <summary>Reads the engine's outputs as a storefront would, for the board and for the visitors, who may follow what they are offered.</summary>
/// <param name="kafka">Kafka.</param>
/// <param name="partitions">Partitions of the outputs.</param>
/// <param name="board">What is shown.</param>
/// <param name="shop">The visitors.</param>
/// <param name="people">Those in the shop front.</param>
/// <param name="liveFromMs">Time from which events are of now, ms since 1970.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Log of the clients.</param>
internal sealed class OutputReader(KafkaOptions kafka, int partitions, DemoBoard board, ShopTraffic shop, ShopVisitors people, Func<long> liveFromMs, TimeProvider time, ILoggerFactory loggers)
{
    private const int MostRecords = 1000;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    /// <summary>Reads recommendations until cancelled.</summary>
    public Task ReadRecommendationsAsync(CancellationToken cancellation) => TailAsync(kafka.Topics.Recommendations, Recommended, cancellation);

    /// <summary>Reads churn alerts until cancelled.</summary>
    public Task ReadAlertsAsync(CancellationToken cancellation) =>
        TailAsync(kafka.Topics.ChurnAlerts, value => board.Alerted(JsonSerializer.Deserialize(value, ContractsJson.Default.ChurnAlert)!), cancellation);

    /// <summary>Reads dead letters until cancelled.</summary>
    public Task ReadDeadLettersAsync(CancellationToken cancellation) =>
        TailAsync(kafka.Topics.DeadLetters, value => board.Died(JsonSerializer.Deserialize(value, ContractsJson.Default.DeadLetter)!.Reason), cancellation);

    private void Recommended(ReadOnlySpan<byte> value)
    {
        var recommendation = JsonSerializer.Deserialize(value, ContractsJson.Default.Recommendation)!;
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        people.Listed(recommendation, nowMs);
        board.Recommended(recommendation, nowMs, recommendation.OccurredAt >= liveFromMs());
        shop.Offer(recommendation.UserId ?? recommendation.AnonymousId!, new Offer(recommendation.RecommendationId, [.. recommendation.Items.Select(i => i.ItemId)]));
    }

    private async Task TailAsync(string topic, ValueReader take, CancellationToken cancellation)
    {
        await using var reader = await KafkaTopicReader.OpenAsync(kafka, topic, [.. Enumerable.Range(0, partitions)], null, loggers.CreateLogger<KafkaTopicReader>(), cancellation);
        var batch = new RecordBatch();
        while (true)
        {
            if (await reader.ReadAsync(batch, MostRecords, Wait, cancellation) < 0) continue;
            for (var i = 0; i < batch.Count; i++) take(batch.Value(batch.Records[i]));
        }
    }

    private delegate void ValueReader(ReadOnlySpan<byte> value);
}
