using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>Records of <c>control</c>: batch records and requests.</summary>
internal static class ControlJson
{
    /// <summary>A batch record, or null where the record is something else.</summary>
    public static ControlBatch? ReadBatch(ReadOnlySpan<byte> value)
    {
        if (Kind(value) != "batch") return null;
        return JsonSerializer.Deserialize(value, ContractsJson.Default.ControlBatch) ?? throw new CorruptRowException("a batch record is null");
    }

    /// <summary>A request, or null where the record is something else or cannot be read: requests come from people and never stop a shard.</summary>
    public static ControlRequest? ReadRequest(ReadOnlySpan<byte> value)
    {
        if (Kind(value) != "request") return null;
        try
        {
            return JsonSerializer.Deserialize(value, ContractsJson.Default.ControlRequest);
        }
        catch (JsonException)
        {
            ShardMetrics.BadRequests.Add(1);
            return null;
        }
    }

    private static string? Kind(ReadOnlySpan<byte> value)
    {
        try
        {
            var reader = new Utf8JsonReader(value);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKind = reader.ValueTextEquals("kind"u8);
                reader.Read();
                if (isKind) return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            ShardMetrics.BadRequests.Add(1);
        }

        return null;
    }
}
