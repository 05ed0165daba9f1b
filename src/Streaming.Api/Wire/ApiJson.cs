using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Api.Wire;

/// <summary>Source-generated serialisation of the interface: camelCase, nulls left out; on reading unknown and repeated fields are refused.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, UseStringEnumConverter = true, MaxDepth = 32, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RecommendQuery))]
[JsonSerializable(typeof(RecommendBatch))]
[JsonSerializable(typeof(RecommendationReply))]
[JsonSerializable(typeof(BatchReply))]
[JsonSerializable(typeof(RerankQuery))]
[JsonSerializable(typeof(RerankReply))]
[JsonSerializable(typeof(PersonQuery))]
[JsonSerializable(typeof(EventsReply))]
[JsonSerializable(typeof(ErasureReceipt))]
[JsonSerializable(typeof(ExportReply))]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(RedriveRequest))]
[JsonSerializable(typeof(RedriveReply))]
[JsonSerializable(typeof(ModelsReply))]
[JsonSerializable(typeof(UseModelRequest))]
[JsonSerializable(typeof(PauseState))]
[JsonSerializable(typeof(PauseRequest))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ApiJson : JsonSerializerContext;
