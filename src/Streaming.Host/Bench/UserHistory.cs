using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Host.Demo.Shop;
using Streaming.Kafka;

namespace Streaming.Host.Bench;

/// <summary>Writes what users did, of now, with the products of the generated shop.</summary>
/// <param name="writer">Kafka.</param>
/// <param name="topics">Topic names.</param>
/// <param name="partitions">Partitions of events and catalogue.</param>
/// <param name="time">The clock.</param>
internal sealed class UserHistory(KafkaEventWriter writer, TopicNames topics, int partitions, TimeProvider time)
{
    private static readonly string[] Types = ["view", "view", "view", "click", "add_to_cart"];
    private readonly IReadOnlyList<ShopRecord> _items = [.. new ShopTraffic(new ShopOptions()).Items()];
    private long _written;

    /// <summary>Events written.</summary>
    public long Written => _written;

    /// <summary>Writes the catalogue.</summary>
    public async Task WriteItemsAsync(CancellationToken cancellation)
    {
        foreach (var item in _items) writer.Write(topics.Catalog, partitions, Encoding.UTF8.GetBytes(item.Key), item.Value);
        await writer.FlushAsync(cancellation);
    }

    /// <summary>Writes one more event of a user; flush after.</summary>
    public void Write(string userId)
    {
        var i = _written++;
        var record = string.Create(CultureInfo.InvariantCulture,
            $$"""{"eventId":"h{{i}}","type":"{{Types[i % Types.Length]}}","userId":"{{userId}}","itemId":"{{JsonEncodedText.Encode(_items[(int)(i * 7919 % _items.Count)].Key)}}","sessionId":"{{userId}}","occurredAt":{{time.GetUtcNow().ToUnixTimeMilliseconds()}}}""");
        writer.Write(topics.Events, partitions, Encoding.UTF8.GetBytes(userId), Encoding.UTF8.GetBytes(record));
    }

    /// <summary>Returns once everything is acknowledged.</summary>
    public ValueTask FlushAsync(CancellationToken cancellation) => writer.FlushAsync(cancellation);
}
