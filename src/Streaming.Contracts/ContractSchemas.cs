namespace Streaming.Contracts;

/// <summary>The JSON Schemas (2020-12) of the topics, embedded; in the source they lie under <c>Schemas/</c>.</summary>
public static class ContractSchemas
{
    /// <summary>Topics with a schema, by their name without prefix; inputs first.</summary>
    public static IReadOnlyList<string> Topics { get; } =
        ["events", "catalog", "recommendations", "churn-alerts", "dead-letters", "sessions", "links", "control"];

    /// <summary>The schema of a topic, UTF-8 JSON.</summary>
    /// <param name="topic">One of <see cref="Topics"/>.</param>
    /// <exception cref="ArgumentException">The topic has no schema.</exception>
    public static byte[] Read(string topic)
    {
        using var resource = typeof(ContractSchemas).Assembly.GetManifestResourceStream(topic + ".schema.json")
            ?? throw new ArgumentException($"no schema for topic '{topic}'", nameof(topic));
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
