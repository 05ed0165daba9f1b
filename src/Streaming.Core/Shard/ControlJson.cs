using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Core.Errors;

namespace Streaming.Core.Shard;

/// <summary>Records of <c>control</c>: batch records and requests.</summary>
internal static class ControlJson
{
    /// <summary>A batch record, or null where the record is something else.</summary>
    /// <exception cref="CorruptRowException">It calls itself a batch record and is none: somebody else writes to <c>control</c>, and what was consumed cannot be known.</exception>
    public static ControlBatch? ReadBatch(ReadOnlySpan<byte> value)
    {
        if (Kind(value) != RecordKind.Batch) return null;
        try
        {
            return Checked(JsonSerializer.Deserialize(value, ContractsJson.Default.ControlBatch));
        }
        catch (JsonException e)
        {
            throw new CorruptRowException($"a batch record of control cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes a batch record.</summary>
    public static void Write(ControlBatch batch, IBufferWriter<byte> into)
    {
        using var json = new Utf8JsonWriter(into);
        JsonSerializer.Serialize(json, batch, ContractsJson.Default.ControlBatch);
    }

    /// <summary>A version of the item-vector table, or null where the record is something else or cannot be read: the store has it too, and its hash says what it is.</summary>
    public static ControlTable? ReadTable(ReadOnlySpan<byte> value)
    {
        if (Kind(value) != RecordKind.Table) return null;
        try
        {
            if (JsonSerializer.Deserialize(value, ContractsJson.Default.ControlTable) is { Sha256: not null, Bytes: not null } table) return table;
        }
        catch (JsonException)
        {
            // counted below
        }

        ShardMetrics.BadRequests.Add(1);
        return null;
    }

    /// <summary>A request, or null where the record is something else or cannot be read: requests come from people and never stop a shard.</summary>
    public static ControlRequest? ReadRequest(ReadOnlySpan<byte> value)
    {
        if (Kind(value) != RecordKind.Request) return null;
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

    /// <summary>A word on records that are to be written once more, or null where the record is something else.</summary>
    /// <exception cref="CorruptRowException">It calls itself one and is none.</exception>
    public static ControlRepair? ReadRepair(ReadOnlySpan<byte> value)
    {
        if (Kind(value) != RecordKind.Repair) return null;
        try
        {
            var repair = JsonSerializer.Deserialize(value, ContractsJson.Default.ControlRepair);
            foreach (var place in repair?.Places ?? [])
            {
                if (!Enum.TryParse<OutputTopic>(place?.Topic, out _)) throw new CorruptRowException($"a repair record of control names an output '{place?.Topic}' that this version does not know");
            }

            return repair;
        }
        catch (JsonException e)
        {
            throw new CorruptRowException($"a repair record of control cannot be read: {e.Message}", e);
        }
    }

    // What the fold takes for given of each fact: only an owner writes them, and one without it is nobody's.
    private static ControlBatch? Checked(ControlBatch? batch)
    {
        foreach (var fact in batch?.Facts ?? [])
        {
            var isWhole = fact is not null && fact.Type switch
            {
                FactTypes.Table => fact.Sha256 is not null && fact.Value is not null,
                FactTypes.Settings => fact.Value is not null,
                FactTypes.Alert => fact.User is not null && fact.Episode is not null && (fact.Value is null || IsDay(fact.Value)),
                _ => true,
            };
            if (!isWhole) throw new CorruptRowException($"a batch record of control holds a fact '{fact?.Type}' that lacks what it must hold");
        }

        return batch;
    }

    private static bool IsDay(string value) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static RecordKind Kind(ReadOnlySpan<byte> value)
    {
        try
        {
            var reader = new Utf8JsonReader(value);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return RecordKind.Other;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKind = reader.ValueTextEquals("kind"u8);
                reader.Read();
                if (isKind && reader.TokenType == JsonTokenType.String) return Named(ref reader);
                if (isKind) return RecordKind.Other;
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: half a surrogate pair, escaped, is no text that could be compared
        {
            ShardMetrics.BadRequests.Add(1);
        }

        return RecordKind.Other;
    }

    private static RecordKind Named(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("batch"u8)) return RecordKind.Batch;
        if (reader.ValueTextEquals("table"u8)) return RecordKind.Table;
        if (reader.ValueTextEquals("repair"u8)) return RecordKind.Repair;
        return reader.ValueTextEquals("request"u8) ? RecordKind.Request : RecordKind.Other;
    }

    private enum RecordKind
    {
        Other,
        Batch,
        Table,
        Repair,
        Request,
    }
}
