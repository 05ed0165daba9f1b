using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts;

namespace Streaming.Api.OpenApi;

/// <summary>The schemas of a document: each record once, by its name, as .NET's own exporter makes them from the source-generated types that read and write the bodies.</summary>
/// <param name="bounds">Bounds of requests' fields.</param>
internal sealed class SchemaBook(SchemaBounds bounds)
{
    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);
    private readonly Queue<JsonTypeInfo> _open = new();
    private readonly HashSet<string> _requests = new(StringComparer.Ordinal);

    /// <summary>A reference to a schema of the book.</summary>
    public static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    /// <summary>A reference to a record's schema, which is put into the book.</summary>
    /// <param name="type">The record.</param>
    /// <param name="isRequest">True for what a caller sends: there unknown fields are refused. An answer may get fields later.</param>
    public JsonObject Refer(JsonTypeInfo type, bool isRequest = false)
    {
        if (isRequest) _requests.Add(type.Type.Name);
        _open.Enqueue(type);
        return Reference(type.Type.Name);
    }

    /// <summary>Puts the schema of events in, as topic <c>events</c> has it.</summary>
    public void AddEvent()
    {
        var schema = JsonNode.Parse(ContractSchemas.Read("events"))!.AsObject();
        // A schema inside a document has the document's address.
        schema.Remove("$schema");
        schema.Remove("$id");
        _schemas["Event"] = schema;
    }

    /// <summary>All schemas, by name.</summary>
    public JsonObject Write()
    {
        while (_open.TryDequeue(out var type))
        {
            if (!_schemas.ContainsKey(type.Type.Name)) _schemas[type.Type.Name] = Export(type);
        }

        return new JsonObject(_schemas.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Key, s.Value)));
    }

    private JsonNode Export(JsonTypeInfo type) =>
        type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => Transform(context, node) });

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = context.TypeInfo;
        if (type.Kind == JsonTypeInfoKind.Object && !context.Path.IsEmpty) return Described(Refer(type, _requests.Contains(context.PropertyInfo?.DeclaringType.Name ?? "")), context);
        if (type.Type == typeof(JsonElement)) node = new JsonObject { ["type"] = "object" };
        if (node is not JsonObject schema) return node;
        if (schema.ContainsKey("enum") && !schema.ContainsKey("type")) schema["type"] = "string";
        if (context.Path.IsEmpty && !_requests.Contains(type.Type.Name)) schema.Remove("additionalProperties");
        if (context.Path.IsEmpty && _requests.Contains(type.Type.Name)) SchemaBounds.Need(type.Type, schema);
        if (context.Path.IsEmpty && XmlDocs.Summary(type.Type) is { Length: > 0 } summary) schema["description"] = summary;
        return Described(schema, context);
    }

    private JsonObject Described(JsonObject schema, JsonSchemaExporterContext context)
    {
        // An entry of an array is visited with its array's property: only the property itself is described.
        var isProperty = context.Path.Length >= 2 && context.Path[^2] == "properties";
        if (isProperty && _requests.Contains(context.PropertyInfo!.DeclaringType.Name)) bounds.Set(context.PropertyInfo, schema);
        if (isProperty && context.PropertyInfo?.AttributeProvider is PropertyInfo property && XmlDocs.Summary(property) is { Length: > 0 } summary) schema["description"] = summary;
        return schema;
    }
}
