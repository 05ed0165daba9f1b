using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts;

namespace Streaming.Host.Audit;

/// <summary>Tells the kinds of records of <c>control</c> apart.</summary>
internal static class ControlRecords
{
    /// <summary>True for a batch record.</summary>
    public static bool TryBatch(byte[]? value, [NotNullWhen(true)] out ControlBatch? batch) => TryRead(value, "batch"u8, ContractsJson.Default.ControlBatch, out batch);

    /// <summary>True for a version of the item-vector table.</summary>
    public static bool TryTable(byte[]? value, [NotNullWhen(true)] out ControlTable? table) => TryRead(value, "table"u8, ContractsJson.Default.ControlTable, out table);

    private static bool TryRead<T>(byte[]? value, ReadOnlySpan<byte> kind, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? record)
        where T : class
    {
        record = null;
        if (value is null) return false;
        try
        {
            using var document = JsonDocument.Parse(value);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("kind", out var found) || !found.ValueEquals(kind)) return false;
            record = document.Deserialize(type);
            return record is not null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: half a surrogate pair, escaped
        {
            // Foreign bytes in control are no record of a shard; the audit names the gap they would leave in the sequence.
            return false;
        }
    }
}
