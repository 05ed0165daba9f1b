using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Streaming.Api.Settings;
using Streaming.Core.Decode;

namespace Streaming.Api.OpenApi;

/// <summary>Bounds of requests' fields in the schema, so that a caller's tools know them: those of the settings in force.</summary>
/// <param name="limits">Limits of a request.</param>
/// <param name="decode">Limits of an id.</param>
internal sealed class SchemaBounds(LimitOptions limits, DecodeOptions decode)
{
    /// <summary>Sets what a field of a request may be.</summary>
    /// <exception cref="InvalidOperationException">The field has no bound here: each must have one.</exception>
    public void Set(JsonPropertyInfo property, JsonObject schema)
    {
        switch (property.Name)
        {
            case "userId" or "anonymousId": Text(schema, MaxIdLength); break;
            case "surface" or "version": Text(schema, limits.MaxWordLength); break;
            case "category" or "pageToken" or "query" or "reason": Text(schema, limits.MaxTextLength); break;
            case "count":
                Number(schema, 1, property.DeclaringType == typeof(Wire.RecommendQuery) ? limits.MaxCount : limits.MaxRerankItems);
                if (property.DeclaringType == typeof(Wire.RecommendQuery)) schema["default"] = limits.DefaultCount;
                break;
            case "timeLimitMs": Number(schema, 1, (int)limits.MaxTime.TotalMilliseconds); break;
            case "contextItems": Ids(schema, 0, limits.MaxContextItems); break;
            case "exclude": Ids(schema, 0, limits.MaxExcluded); break;
            case "items":
                Ids(schema, 1, limits.MaxRerankItems);
                schema["uniqueItems"] = true;
                break;
            case "deadLetterIds": Array(schema, 1, limits.MaxDeadLetters); Text(schema["items"]!.AsObject(), limits.MaxTextLength); break;
            case "queries": Array(schema, 1, limits.MaxQueries); break;
            case "isPaused": break;
            default: throw new InvalidOperationException($"{property.DeclaringType.Name}.{property.Name} has no bound in the OpenAPI document.");
        }
    }

    /// <summary>Says which fields of a request must be there, none of them null, and that a person has one id.</summary>
    public static void Need(Type type, JsonObject schema)
    {
        var fields = schema["properties"]!.AsObject();
        foreach (var (_, field) in fields) NotNull(field!.AsObject());
        string[] needed = type.Name switch
        {
            nameof(Wire.UseModelRequest) => ["version"],
            nameof(Wire.RerankQuery) => ["items"],
            nameof(Wire.RecommendBatch) => ["queries"],
            nameof(Wire.RedriveRequest) => ["deadLetterIds"],
            nameof(Wire.PauseRequest) => ["isPaused", "reason"],
            _ => [],
        };
        if (needed.Length > 0) schema["required"] = Names(needed);
        if (fields.ContainsKey("userId")) schema["oneOf"] = new JsonArray(new JsonObject { ["required"] = Names("userId") }, new JsonObject { ["required"] = Names("anonymousId") });
    }

    // A null is taken for a field that is not there: whoever follows the document leaves it out.
    private static void NotNull(JsonObject field)
    {
        if (field["type"] is JsonArray types) field["type"] = types.Select(t => (string)t!).Single(t => t != "null");
        if (field["items"] is JsonObject items) NotNull(items);
    }

    private static JsonArray Names(params string[] names) => [.. names.Select(n => JsonValue.Create(n))];

    // Blanks and invisible characters are dropped before an id is measured, up to as many again.
    private int MaxIdLength => decode.MaxIdBytes * 2;

    private void Ids(JsonObject schema, int least, int most)
    {
        Array(schema, least, most);
        Text(schema["items"]!.AsObject(), MaxIdLength);
    }

    private static void Array(JsonObject schema, int least, int most) => (schema["minItems"], schema["maxItems"]) = (least, most);

    private static void Text(JsonObject schema, int most) => (schema["minLength"], schema["maxLength"]) = (1, most);

    private static void Number(JsonObject schema, int least, int most) => (schema["minimum"], schema["maximum"]) = (least, most);
}
