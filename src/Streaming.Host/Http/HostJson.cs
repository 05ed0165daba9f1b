using System.Text.Json.Serialization;

namespace Streaming.Host.Http;

/// <summary>Source-generated serialisation of what the node answers over HTTP: camelCase, nulls left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EngineStatus))]
[JsonSerializable(typeof(ReadinessReport))]
[JsonSerializable(typeof(Inspect.ProfileDocument))]
internal sealed partial class HostJson : JsonSerializerContext;
