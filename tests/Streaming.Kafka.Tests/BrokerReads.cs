using Streaming.Core.Shard;

namespace Streaming.Kafka.Tests;

/// <summary>Reading loops that tests share.</summary>
internal static class BrokerReads
{
    /// <summary>Reads from an offset until the end is reached: the values, and the batch that ended it.</summary>
    public static async Task<(List<string> Values, RecordBatch Last)> ReadToEndAsync(this IShardBroker broker, SourceTopic topic, long from)
    {
        var stop = TestContext.Current.CancellationToken;
        await broker.SeekAsync(topic, from, stop);
        return await broker.ContinueToEndAsync(topic, from);
    }

    public static async Task<(List<string> Values, RecordBatch Last)> ContinueToEndAsync(this IShardBroker broker, SourceTopic topic, long from)
    {
        var values = new List<string>();
        var batch = new RecordBatch();
        batch.Reset(from);
        for (var i = 0; i < 200; i++)
        {
            await broker.ReadAsync(topic, batch, 1000, TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
            foreach (var record in batch.Records) values.Add(System.Text.Encoding.UTF8.GetString(batch.Value(record)));
            if (batch.AtEnd) return (values, batch);
            batch.Reset(batch.NextOffset);
        }

        throw new TimeoutException($"{topic}: end not reached, {values.Count} records");
    }
}
