using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Contracts;

/// <summary>Source-generated serialisation of every wire record: camelCase, nulls left out, unknown fields ignored on reading.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogItem))]
[JsonSerializable(typeof(ClosedSession))]
[JsonSerializable(typeof(Recommendation))]
[JsonSerializable(typeof(ChurnAlert))]
[JsonSerializable(typeof(DeadLetter))]
[JsonSerializable(typeof(ControlBatch))]
[JsonSerializable(typeof(ControlTable))]
[JsonSerializable(typeof(ControlRepair))]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(LinkDelta))]
public sealed partial class ContractsJson : JsonSerializerContext;
