using System.Text.Json;
using System.Text.RegularExpressions;

namespace Streaming.Core.Tests.Contracts;

/// <summary>JSON Schema 2020-12, as much of it as the contracts' schemas use; a keyword it does not know is an error, so that no rule is passed over.</summary>
internal sealed class SchemaValidator(JsonElement root)
{
    private static readonly HashSet<string> Annotations = ["$schema", "$id", "$defs", "title", "description", "contentEncoding", "then", "else"];

    public static string? Validate(byte[] schema, ReadOnlyMemory<byte> value)
    {
        using var s = JsonDocument.Parse(schema);
        using var v = JsonDocument.Parse(value);
        return new SchemaValidator(s.RootElement).Check(s.RootElement, v.RootElement, "");
    }

    /// <summary>Null where the value is valid, else the first thing wrong.</summary>
    private string? Check(JsonElement schema, JsonElement value, string path)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Annotations.Contains(keyword.Name)) continue;
            var error = keyword.Name switch
            {
                "$ref" => Check(Resolve(keyword.Value.GetString()!), value, path),
                "type" => Types(keyword.Value).Any(t => IsType(t, value)) ? null : $"{path}: is not {keyword.Value}",
                "enum" => keyword.Value.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value)) ? null : $"{path}: is none of {keyword.Value}",
                "const" => JsonElement.DeepEquals(keyword.Value, value) ? null : $"{path}: is not {keyword.Value}",
                "properties" => Properties(keyword.Value, value, path),
                "additionalProperties" => Additional(keyword.Value, schema, value, path),
                "required" => value.ValueKind != JsonValueKind.Object ? null
                    : keyword.Value.EnumerateArray().Where(r => !value.TryGetProperty(r.GetString()!, out _)).Select(r => $"{path}: {r} is missing").FirstOrDefault(),
                "items" => value.ValueKind != JsonValueKind.Array ? null : value.EnumerateArray().Select((v, i) => Check(keyword.Value, v, $"{path}/{i}")).FirstOrDefault(e => e is not null),
                "minItems" => Holds(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32(), path, keyword),
                "maxItems" => Holds(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= keyword.Value.GetInt32(), path, keyword),
                "minLength" => Holds(value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= keyword.Value.GetInt32(), path, keyword),
                "maxLength" => Holds(value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= keyword.Value.GetInt32(), path, keyword),
                "pattern" => Holds(value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!), path, keyword),
                "minimum" => Holds(value.ValueKind != JsonValueKind.Number || value.GetDouble() >= keyword.Value.GetDouble(), path, keyword),
                "maximum" => Holds(value.ValueKind != JsonValueKind.Number || value.GetDouble() <= keyword.Value.GetDouble(), path, keyword),
                "exclusiveMaximum" => Holds(value.ValueKind != JsonValueKind.Number || value.GetDouble() < keyword.Value.GetDouble(), path, keyword),
                "allOf" => keyword.Value.EnumerateArray().Select(s => Check(s, value, path)).FirstOrDefault(e => e is not null),
                "anyOf" => Holds(keyword.Value.EnumerateArray().Any(s => Check(s, value, path) is null), path, keyword),
                "oneOf" => Holds(keyword.Value.EnumerateArray().Count(s => Check(s, value, path) is null) == 1, path, keyword),
                "if" => Check(keyword.Value, value, path) is null && schema.TryGetProperty("then", out var then) ? Check(then, value, path) : null,
                _ => throw new NotSupportedException($"keyword {keyword.Name}"),
            };
            if (error is not null) return error;
        }

        return null;
    }

    private string? Properties(JsonElement properties, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object) return null;
        foreach (var property in properties.EnumerateObject())
        {
            if (value.TryGetProperty(property.Name, out var inner) && Check(property.Value, inner, $"{path}/{property.Name}") is { } error) return error;
        }

        return null;
    }

    private string? Additional(JsonElement additional, JsonElement schema, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object) return null;
        var known = schema.TryGetProperty("properties", out var p) ? p.EnumerateObject().Select(x => x.Name).ToHashSet() : [];
        return value.EnumerateObject().Where(v => !known.Contains(v.Name)).Select(v => Check(additional, v.Value, $"{path}/{v.Name}")).FirstOrDefault(e => e is not null);
    }

    private JsonElement Resolve(string reference)
    {
        var at = root;
        foreach (var step in reference.Split('/').Skip(1)) at = at.GetProperty(step);
        return at;
    }

    private static IEnumerable<string> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool IsType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && Math.Floor(value.GetDouble()) == value.GetDouble(),
        _ => throw new NotSupportedException($"type {type}"),
    };

    private static string? Holds(bool holds, string path, JsonProperty keyword) => holds ? null : $"{path}: {keyword.Name} {keyword.Value} does not hold";
}
