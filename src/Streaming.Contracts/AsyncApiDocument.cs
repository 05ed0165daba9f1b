using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streaming.Contracts;

/// <summary>The AsyncAPI 3.0 document of the engine's topics, made from their schemas: what other teams' tools read. The one in <c>docs/asyncapi.json</c> has the default names.</summary>
public static class AsyncApiDocument
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document as indented JSON with a final line feed; the same names give the same bytes.</summary>
    public static string Build(TopicNames names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var channels = new JsonObject();
        var operations = new JsonObject();
        var messages = new JsonObject();
        foreach (var topic in ContractSchemas.Topics)
        {
            var schema = JsonNode.Parse(ContractSchemas.Read(topic))!;
            var (address, reads, writes) = Place(topic, names);
            channels[topic] = new JsonObject
            {
                ["address"] = address,
                ["description"] = schema["title"]!.GetValue<string>(),
                ["messages"] = new JsonObject { [topic] = Reference($"#/components/messages/{topic}") },
            };
            if (reads) operations[$"read-{topic}"] = Operation("receive", topic);
            if (writes) operations[$"write-{topic}"] = Operation("send", topic);
            messages[topic] = new JsonObject
            {
                ["name"] = topic,
                ["contentType"] = "application/json",
                ["payload"] = new JsonObject { ["schemaFormat"] = "application/schema+json;version=2020-12", ["schema"] = schema },
            };
        }

        return Text(new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Streaming personalisation engine",
                ["version"] = "1",
                ["description"] = "Topics of the engine: UTF-8 JSON over Kafka. 'receive' is what the engine reads, 'send' what it writes, inside one transaction a batch.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0" },
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = channels,
            ["operations"] = operations,
            ["components"] = new JsonObject { ["messages"] = messages },
        });
    }

    private static (string Address, bool Reads, bool Writes) Place(string topic, TopicNames names) => topic switch
    {
        // Erase records for linked guests go back into events.
        "events" => (names.Events, true, true),
        "catalog" => (names.Catalog, true, false),
        "recommendations" => (names.Recommendations, false, true),
        "churn-alerts" => (names.ChurnAlerts, false, true),
        "dead-letters" => (names.DeadLetters, false, true),
        "sessions" => (names.Sessions, true, true),
        "links" => (names.Links, true, true),
        "control" => (names.Control, true, true),
        _ => throw new ArgumentException($"topic '{topic}' has no place", nameof(topic)),
    };

    private static JsonObject Reference(string to) => new() { ["$ref"] = to };

    private static JsonObject Operation(string action, string topic) => new()
    {
        ["action"] = action,
        ["channel"] = Reference($"#/channels/{topic}"),
        ["messages"] = new JsonArray(Reference($"#/channels/{topic}/messages/{topic}")),
    };

    private static string Text(JsonObject document)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented)) document.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
