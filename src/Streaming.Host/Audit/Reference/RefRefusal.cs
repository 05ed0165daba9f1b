using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Streaming.Contracts;

namespace Streaming.Host.Audit.Reference;

/// <summary>
/// Whether a record that <see cref="RefEventReader"/> can read is a good event by every rule of docs/dead-letters.md, from whose text this is written. Where it is in doubt (numbers longer than a decimal holds) it
/// refuses: a good event that is called bad is a dead letter less to judge, the reverse would be a false alarm.
/// </summary>
internal static partial class RefRefusal
{
    private const int LongestNumber = 24;
    private static readonly HashSet<string> Ids = ["eventId", "userId", "anonymousId", "sessionId", "itemId", "surface", "device", "recommendationId", "alertId", "offerId"];
    private static readonly HashSet<string> Known = [.. Ids, "type", "occurredAt", "quantity", "unitPrice", "currency", "query", "results", "text", "rating", "position", "consent", "schemaVersion", "state"];
    private static readonly HashSet<string> Purposes = ["personalise", "market", "measure"];

    /// <summary>Reasons that rest on limits which are settings: who does not know them for the whole log cannot judge these.</summary>
    public static bool RestsOnLimits(string reason) => reason is "too_large" or "too_deep" or "invalid_id" or "number_out_of_range";

    /// <summary>True where one of the rules refuses the record. Key and partition are not looked at.</summary>
    public static bool IsRefused(byte[] value, RefLimits limits)
    {
        var text = RefEventReader.WithoutMark(value);
        if (value.Length > limits.MaxValueBytes || !Utf8.IsValid(text.Span)) return true;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = limits.MaxDepth });
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object || IsAnyFieldWrong(root, limits) || IsImpossible(root);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter: half a surrogate pair, escaped
        {
            return true;
        }
    }

    private static bool IsAnyFieldWrong(JsonElement root, RefLimits limits)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in root.EnumerateObject())
        {
            if (!seen.Add(field.Name) || seen.Count > limits.MaxFields) return true;
            if (Known.Contains(field.Name) ? IsWrong(field.Name, field.Value, limits) : Known.Any(name => name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)) || !IsText(field.Value)) return true;
        }

        return false;
    }

    private static bool IsWrong(string name, JsonElement value, RefLimits limits)
    {
        if (value.ValueKind == JsonValueKind.Null) return name is "type" or "occurredAt";
        if (Ids.Contains(name)) return value.ValueKind != JsonValueKind.String || IsWrongId(value.GetString()!, limits);
        return name switch
        {
            "type" or "state" => value.ValueKind != JsonValueKind.String,
            "currency" => value.ValueKind != JsonValueKind.String || !Currency().IsMatch(value.GetString()!),
            "query" or "text" => value.ValueKind != JsonValueKind.String || value.GetString()!.Contains('\0') || Encoding.UTF8.GetByteCount(value.GetString()!) > limits.MaxTextBytes,
            "occurredAt" => value.ValueKind == JsonValueKind.String ? !IsoTime().IsMatch(value.GetString()!) : Number(value) is not { } ms || ms != decimal.Truncate(ms),
            "quantity" => !IsWhole(value, limits.MaxQuantity),
            "position" => !IsWhole(value, 1_000_000),
            "schemaVersion" => !IsWhole(value, 1), // a later one is for a later program
            "unitPrice" => Number(value) is not { } price || price * 10_000 > limits.MaxUnitPriceE4,
            "rating" => Number(value) is not (>= 1 and <= 5),
            "results" => IsWrongList(value, limits),
            _ => IsWrongConsent(value),
        };
    }

    private static bool IsWrongId(string id, RefLimits limits) =>
        RefId.Of(id) is not { } form || Encoding.UTF8.GetByteCount(form) > limits.MaxIdBytes || Encoding.UTF8.GetByteCount(id) > 2 * limits.MaxIdBytes;

    private static bool IsWrongList(JsonElement value, RefLimits limits) =>
        value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > limits.MaxResults || value.EnumerateArray().Any(id => id.ValueKind != JsonValueKind.String || IsWrongId(id.GetString()!, limits));

    private static bool IsWrongConsent(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return true;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var purpose in value.EnumerateObject())
        {
            if (!seen.Add(purpose.Name)) return true;
            if (Purposes.Contains(purpose.Name) ? purpose.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null)
                : Purposes.Any(name => name.Equals(purpose.Name, StringComparison.OrdinalIgnoreCase)) || !IsText(purpose.Value)) return true;
        }

        return false;
    }

    // Rules of meaning beyond those that RefEventReader asks.
    private static bool IsImpossible(JsonElement root) => EventTypes.Parse(root.GetProperty("type").GetString()!) switch
    {
        EventType.Search => !HasText(root, "query") && !Has(root, "results"),
        EventType.Review => !HasText(root, "text") && !Has(root, "rating"),
        EventType.Message => Has(root, "alertId") && Has(root, "offerId"),
        EventType.Consent => !Has(root, "consent") || !Purposes.Any(name => Has(root.GetProperty("consent"), name)),
        _ => false,
    } || (Has(root, "unitPrice") && !Has(root, "currency"));

    private static bool Has(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static bool HasText(JsonElement root, string name) => Has(root, name) && root.GetProperty(name).GetString()!.Length > 0;

    private static bool IsWhole(JsonElement value, int most) => Number(value) is { } number && number == decimal.Truncate(number) && number >= 1 && number <= most;

    private static decimal? Number(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number) return null;
        var text = value.GetRawText();
        return text.Length <= LongestNumber && text[0] != '-' && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // Every string beneath is text: reading half a surrogate pair throws.
    private static bool IsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is not null,
        JsonValueKind.Object => value.EnumerateObject().All(field => field.Name is not null && IsText(field.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsText),
        _ => true,
    };

    [GeneratedRegex(@"\A[A-Z]{3}\z")]
    private static partial Regex Currency();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])\z")]
    private static partial Regex IsoTime();
}
