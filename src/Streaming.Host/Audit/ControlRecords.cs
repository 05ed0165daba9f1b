using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Host.Audit;

/// <summary>Tells the two kinds of records of <c>control</c> apart.</summary>
internal static class ControlRecords
{
    /// <summary>True for a batch record.</summary>
    public static bool TryBatch(byte[]? value, [NotNullWhen(true)] out ControlBatch? batch)
    {
        batch = null;
        if (value is null) return false;
        try
        {
            using var document = JsonDocument.Parse(value);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("kind", out var kind) || !kind.ValueEquals("batch"u8)) return false;
            batch = document.Deserialize(ContractsJson.Default.ControlBatch);
            return batch is not null;
        }
        catch (JsonException)
        {
            // Foreign bytes in control are no batch of a shard; the audit names the gap they would leave in the sequence.
            return false;
        }
    }
}
