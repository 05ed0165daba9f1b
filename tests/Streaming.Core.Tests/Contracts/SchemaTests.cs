using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Emit;
using Streaming.Core.Shard;
using Streaming.Core.Tests.Decode;
using Streaming.Core.Tests.Snapshot;
using Xunit;

namespace Streaming.Core.Tests.Contracts;

public sealed class SchemaTests
{
    /// <summary>One full and one bare message of every record.</summary>
    public static readonly TheoryData<string, string> Messages = new()
    {
        { "catalog", Json(new CatalogItem { ItemId = "i1" }) },
        { "catalog", Json(new CatalogItem { ItemId = "i1", Title = "T", Category = "a/b", Brand = "B", Price = 1.5m, Currency = "EUR", InStock = false, GroupId = "g", Kind = "content", AvailableFromMs = 5, Attributes = new Dictionary<string, string> { ["colour"] = "red" } }) },
        { "sessions", Json(new ClosedSession { SessionId = "0-1", UserHash = ulong.MaxValue, StartMs = 1, EndMs = 2, Actions = [new SessionAction("i1", "view", 1)] }) },
        { "sessions", Json(new ClosedSession { SessionId = "e-0-1", UserHash = 7, StartMs = 1, EndMs = 1, Actions = [], Erased = true }) },
        { "recommendations", Json(new Recommendation { RecommendationId = "r", UserId = "u", Surface = "home", Items = [new RecommendedItem("i1", 1, 0.5, "popular", "popular", null)], SourcePartition = 0, SourceOffset = 0, OccurredAt = 1, EmittedAt = 2 }) },
        { "recommendations", Json(new Recommendation { RecommendationId = "r", AnonymousId = "a", Surface = "home", Items = [new RecommendedItem("i1", 1, -0.5, "s", "because_viewed", "i2")], ModelVersion = "m", EmbeddingVersion = "e", Arm = "x", Propensity = 0.5, SourcePartition = 0, SourceOffset = 0, OccurredAt = 1, EmittedAt = 2, Degraded = "model_missing" }) },
        { "churn-alerts", Json(new ChurnAlert { AlertId = "a", UserId = "u", Risk = 0.9, Previous = 0.1, HorizonDays = 30, ExpectedValue = 12.5, Reasons = [new AlertReason("gap_ratio", 3.1)], SuggestedAction = "offer", Episode = 17, Treatment = true, ModelVersion = "m", SourcePartition = 1, OccurredAt = 1, EmittedAt = 2 }) },
        { "links", Json(new LinkDelta { LinkId = "0-1", UserId = "u", AnonymousId = "a", Generation = 1, Counts = new Dictionary<string, uint> { ["view"] = 2 }, Actions = [new LinkAction("i1", "view", 1, 0, 1, -1, 0)] }) },
        { "control", Json(new ControlBatch { Sequence = 1, EventsFrom = 0, EventsTo = 5, LinksFrom = 0, LinksTo = 0, ControlTo = 0 }) },
        { "control", Json(new ControlBatch { Sequence = 2, EventsFrom = 5, EventsTo = 6, LinksFrom = 0, LinksTo = 1, ControlTo = 3, Facts = [new ControlFact { Type = "alert", Before = 5, User = "u:u", Episode = 4, TimeMs = 1, Sha256 = "00", Value = "x" }] }) },
        { "control", Json(new ControlTable { Sha256 = "00", Bytes = [1, 2] }) },
        { "control", Json(new ControlRepair { Transaction = 7, IsDone = true }) },
        { "control", Json(new ControlRepair { Transaction = 7, Places = [new ControlPlace { Topic = "Sessions", Partition = 0, From = 1, To = 2, TimeMs = 3 }] }) },
        { "control", Json(new ControlRequest { RequestId = "q", Type = "pause", TimeMs = 1, Value = "offers" }) },
    };

    /// <summary>Which record is which (part of a) schema.</summary>
    public static readonly TheoryData<string, string, Type> Shapes = new()
    {
        { "catalog", "", typeof(CatalogItem) },
        { "sessions", "", typeof(ClosedSession) },
        { "sessions", "properties/actions/items", typeof(SessionAction) },
        { "recommendations", "", typeof(Recommendation) },
        { "recommendations", "properties/items/items", typeof(RecommendedItem) },
        { "churn-alerts", "", typeof(ChurnAlert) },
        { "churn-alerts", "properties/reasons/items", typeof(AlertReason) },
        { "dead-letters", "", typeof(DeadLetter) },
        { "dead-letters", "properties/headers/items", typeof(DeadLetterHeader) },
        { "links", "", typeof(LinkDelta) },
        { "links", "properties/actions/items", typeof(LinkAction) },
        { "control", "$defs/batch", typeof(ControlBatch) },
        { "control", "$defs/batch/properties/facts/items", typeof(ControlFact) },
        { "control", "$defs/table", typeof(ControlTable) },
        { "control", "$defs/repair", typeof(ControlRepair) },
        { "control", "$defs/repair/properties/places/items", typeof(ControlPlace) },
        { "control", "$defs/request", typeof(ControlRequest) },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_made_from_its_record_is_valid(string topic, string json) =>
        Assert.Null(SchemaValidator.Validate(ContractSchemas.Read(topic), Encoding.UTF8.GetBytes(json)));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Schema_names_exactly_the_properties_of_its_record(string topic, string place, Type type)
    {
        using var document = JsonDocument.Parse(ContractSchemas.Read(topic));
        var schema = document.RootElement;
        foreach (var step in place.Split('/', StringSplitOptions.RemoveEmptyEntries)) schema = schema.GetProperty(step);
        var info = ContractsJson.Default.GetTypeInfo(type)!;
        Assert.Equal(info.Properties.Select(p => p.Name).Order(), schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
        var required = schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()!).ToHashSet();
        foreach (var property in info.Properties) Assert.Equal((property.Name, IsAlwaysThere(property)), (property.Name, required.Contains(property.Name)));
    }

    [Fact]
    public void Every_topic_of_a_schema_is_described_field_by_field()
    {
        foreach (var topic in ContractSchemas.Topics)
        {
            using var document = JsonDocument.Parse(ContractSchemas.Read(topic));
            Assert.False(string.IsNullOrWhiteSpace(document.RootElement.GetProperty("title").GetString()));
            if (!document.RootElement.TryGetProperty("properties", out var properties)) continue;
            foreach (var property in properties.EnumerateObject()) Assert.True(property.Value.TryGetProperty("description", out _), $"{topic}/{property.Name}");
        }
    }

    [Fact]
    public void Schema_of_events_names_every_field_and_type_of_the_decoder()
    {
        using var document = JsonDocument.Parse(ContractSchemas.Read("events"));
        var properties = document.RootElement.GetProperty("properties");
        Assert.Equal(EventFields.Names.Order(), properties.EnumerateObject().Select(p => p.Name).Order());
        var types = Enum.GetValues<EventType>().Where(t => t != EventType.Unknown).Select(t => t.WireName());
        Assert.Equal(types, properties.GetProperty("type").GetProperty("enum").EnumerateArray().Select(t => t.GetString()!));
    }

    [Fact]
    public void Schema_of_dead_letters_names_every_reason()
    {
        using var document = JsonDocument.Parse(ContractSchemas.Read("dead-letters"));
        var names = document.RootElement.GetProperty("properties").GetProperty("reason").GetProperty("enum").EnumerateArray().Select(r => r.GetString()!);
        Assert.Equal(DeadLetterReasons.All.ToArray(), names);
    }

    [Fact]
    public void Schema_of_control_names_every_type_of_fact()
    {
        using var document = JsonDocument.Parse(ContractSchemas.Read("control"));
        var told = document.RootElement.GetProperty("$defs").GetProperty("batch").GetProperty("properties").GetProperty("facts").GetProperty("items").GetProperty("properties").GetProperty("type").GetProperty("description").GetString()!;
        var names = typeof(FactTypes).GetFields().Select(f => (string)f.GetRawConstantValue()!).Except([FactTypes.Base, FactTypes.Additive]);
        Assert.Equal(names.Order(), told.Split([", ", " or "], StringSplitOptions.None).Order());
    }

    [Fact]
    public void Golden_records_of_control_and_links_are_valid()
    {
        foreach (var (topic, file) in ((string, string)[])[("control", "control-v1.jsonl"), ("control", "control-kinds-v1.jsonl"), ("control", "control-alerts-v2.jsonl"), ("links", "links-v1.jsonl"), ("links", "links-v2.jsonl")])
            Assert.All(ShardSamples.Lines(file), line => Assert.Null(SchemaValidator.Validate(ContractSchemas.Read(topic), line)));
    }

    [Fact]
    public void Event_that_is_applied_is_valid_and_one_without_meaning_is_not()
    {
        DeadLetterReason[] seen = [DeadLetterReason.MissingField, DeadLetterReason.MissingUser, DeadLetterReason.NullField, DeadLetterReason.WrongType, DeadLetterReason.UnknownType,
            DeadLetterReason.UnknownVersion, DeadLetterReason.Impossible, DeadLetterReason.TimeOutOfRange, DeadLetterReason.NumberAsString, DeadLetterReason.InvalidCurrency];
        var schema = ContractSchemas.Read("events");
        foreach (var shape in PoisonShapes.All)
        {
            if (shape.Reason != DeadLetterReason.None && !seen.Contains(shape.Reason)) continue;
            var value = shape.Value.AsMemory();
            if (value.Span.StartsWith("\uFEFF"u8)) value = value[3..];
            var error = SchemaValidator.Validate(schema, value);
            Assert.True((error is null) == (shape.Reason == DeadLetterReason.None), $"{shape}: {error ?? "valid"}");
        }

        var golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Decode", "Golden", "events-v1.jsonl"));
        foreach (var line in golden.Where(l => !l.StartsWith("536365")))
        {
            Assert.Null(SchemaValidator.Validate(schema, Encoding.UTF8.GetBytes(line[(line.IndexOf('\t') + 1)..])));
        }
    }

    [Fact]
    public void Dead_letters_as_written_are_valid()
    {
        var writer = new DeadLetterWriter();
        foreach (var shape in PoisonShapes.All.Where(s => s.Reason != DeadLetterReason.None))
        {
            var batch = new RecordBatch();
            batch.Reset(0);
            batch.Add(0, -1, true, Encoding.UTF8.GetBytes(shape.Key), false, shape.Value, shape.Value is null, Emit.DeadLetterWriterTests.Headers(("h", [1]), ("n", null)));
            var json = writer.Write("events", 0, batch, in batch.Records[0], shape.Reason).ToArray();
            Assert.Null(SchemaValidator.Validate(ContractSchemas.Read("dead-letters"), json));
        }
    }

    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        property.IsRequired || property.Name == "kind" && property.DeclaringType != typeof(CatalogItem) || property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false };

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)ContractsJson.Default.GetTypeInfo(typeof(T))!);
}
