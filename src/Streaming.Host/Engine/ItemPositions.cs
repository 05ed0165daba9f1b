using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Core.Errors;

namespace Streaming.Host.Engine;

/// <summary>Where the item topics were read up to, and which topics they were: offsets mean nothing in a topic made anew.</summary>
internal sealed record ItemPositions
{
    /// <summary>By topic name.</summary>
    public required Dictionary<string, ItemPosition> Topics { get; init; }

    /// <summary>Bytes, kept inside the saved index.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ItemPositionsJson.Default.ItemPositions);

    /// <summary>What <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="CorruptRowException">Not that.</exception>
    public static ItemPositions FromBytes(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ItemPositionsJson.Default.ItemPositions) ?? throw new CorruptRowException("the saved item index has no position");
        }
        catch (JsonException e)
        {
            throw new CorruptRowException($"the saved item index has a position that cannot be read: {e.Message}");
        }
    }
}

/// <summary>Position in one topic.</summary>
/// <param name="Id">The broker's id of the topic.</param>
/// <param name="Next">Next offset to read, by partition.</param>
internal sealed record ItemPosition(string Id, Dictionary<int, long> Next);

[JsonSerializable(typeof(ItemPositions))]
internal sealed partial class ItemPositionsJson : JsonSerializerContext;
