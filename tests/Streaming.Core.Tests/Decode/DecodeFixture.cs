using System.Text;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Shard;

namespace Streaming.Core.Tests.Decode;

/// <summary>A partition of a topic with eight, its decoder, and the shortest ways to put records in.</summary>
internal sealed class DecodeFixture
{
    public const int Partitions = 8;
    public const long Append = 1_767_225_600_100;
    public static readonly TimeSpan Allowance = TimeSpan.FromMinutes(5);
    /// <summary>The partition of <see cref="Key"/>.</summary>
    public static readonly int Partition = Murmur2.Partition("u4711"u8, Partitions);

    public const string Key = "u4711";
    public const string Common = """{"eventId":"e17","type":"view","userId":"u4711","itemId":"i42","sessionId":"s99","occurredAt":1767225600051}""";

    public EventDecoder Decoder { get; } = new(Partitions, Allowance);
    public RecordBatch Source { get; } = new();
    public DecodedBatch Batch { get; } = new();

    public DecodeFixture() => Source.Reset(1000);

    public static EventDecoder Strict() => new(Partitions, Allowance) { UseFastPath = false };

    public DecodeFixture Add(byte[]? value, byte[]? key, bool appendTime = true, long timestamp = Append)
    {
        Source.Add(Source.NextOffset, timestamp, appendTime, key, key is null, value, value is null);
        return this;
    }

    public DecodeFixture Add(string value, string key = Key) => Add(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(key));

    public Span<DecodedEvent> Decode()
    {
        Decoder.Decode(Source, Partition, Batch);
        return Batch.Events;
    }

    /// <summary>One record on its own, by both ways.</summary>
    public static (DecodedEvent Event, DecodedBatch Batch) One(string value, string key = Key, int? partition = null, bool appendTime = true, long timestamp = Append)
    {
        var fixture = new DecodeFixture();
        fixture.Add(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(key), appendTime, timestamp);
        fixture.Decoder.Decode(fixture.Source, partition ?? Murmur2.Partition(Encoding.UTF8.GetBytes(key), Partitions), fixture.Batch);
        return (fixture.Batch.Events[0], fixture.Batch);
    }

    public static DeadLetterReason ReasonOf(string value, string key = Key) => One(value, key).Event.Reason;

    /// <summary>A view by the fixture's user with more or other fields: <c>with("\"quantity\":3")</c>.</summary>
    public static string View(string fields) => $$"""{"type":"view","userId":"u4711","itemId":"i42","occurredAt":1767225600051{{(fields.Length > 0 ? "," + fields : "")}}}""";

    public static string Text(DecodedBatch batch, TextRange range) => Encoding.UTF8.GetString(batch.Of(range));

    /// <summary>All that an event says, for comparison.</summary>
    public static string Describe(DecodedBatch batch, in DecodedEvent e) => e.Reason != DeadLetterReason.None ? $"dead {e.Reason}" : string.Join('|',
        e.Type, e.OccurredAtMs, e.Clamped, e.UserHash, Text(batch, e.User), Text(batch, e.Item), e.EventIdHash, Text(batch, e.EventId), e.SessionHash, Text(batch, e.SessionId),
        Text(batch, e.LinkedUser), e.Quantity, e.UnitPriceE4, e.Currency, e.RatingE1, e.ConsentMask, e.ConsentValue, e.Message, Text(batch, e.MessageSubject),
        Text(batch, e.QueryOrText), Text(batch, e.Results), Text(batch, e.Surface), Text(batch, e.Device), Text(batch, e.RecommendationId), e.Position, e.SchemaVersion);
}
