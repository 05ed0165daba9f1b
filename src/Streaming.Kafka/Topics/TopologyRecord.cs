using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Kafka.Topics;

/// <summary>One topic as it was when the engine's state was begun.</summary>
/// <param name="Role">Name without prefix.</param>
/// <param name="Name">Topic name.</param>
/// <param name="Partitions">Partition count.</param>
/// <param name="Id">The broker's topic id: another one means that the topic was deleted and created anew.</param>
public sealed record TopologyTopic(string Role, string Name, int Partitions, string Id);

/// <summary>
/// Which topics the engine's state belongs to. A changed partition count moves users to other shards, a topic created anew makes stored offsets
/// meaningless; neither may pass silently.
/// </summary>
public sealed record TopologyRecord
{
    /// <summary>Version of this form.</summary>
    public int Version { get; init; } = 1;
    /// <summary>How a key finds its partition.</summary>
    public string Partitioner { get; init; } = "murmur2";
    /// <summary>The topics, by role.</summary>
    public required IReadOnlyList<TopologyTopic> Topics { get; init; }
    /// <summary>SHA-256 over partitioner and topics; a record whose hash does not fit was damaged.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Partitions of events: the number of shards.</summary>
    [JsonIgnore]
    public int Partitions => Topics.First(topic => topic.Role == "events").Partitions;

    /// <summary>The hash that fits this record.</summary>
    public string ComputeHash()
    {
        var text = new StringBuilder(Partitioner);
        foreach (var topic in Topics.OrderBy(topic => topic.Role, StringComparer.Ordinal))
            text.Append('\n').Append(topic.Role).Append('\t').Append(topic.Name).Append('\t').Append(topic.Partitions).Append('\t').Append(topic.Id);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The record with its hash.</summary>
    public TopologyRecord Sealed() => this with { Hash = ComputeHash() };

    /// <summary>JSON, UTF-8.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, TopologyJson.Default.TopologyRecord);

    /// <summary>Reads <see cref="ToBytes"/>; null where the bytes are no such record.</summary>
    public static TopologyRecord? FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, TopologyJson.Default.TopologyRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Source-generated serialisation of the record.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(TopologyRecord))]
internal sealed partial class TopologyJson : JsonSerializerContext;
