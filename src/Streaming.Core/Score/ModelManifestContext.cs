using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Core.Score;

/// <summary>Source-generated serialisation of <see cref="ModelManifest"/>: camelCase, indented, unknown fields refused so that a misspelt contract is not a missing one.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ModelManifest))]
internal sealed partial class ModelManifestContext : JsonSerializerContext;
