using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Core.Errors;

namespace Streaming.Core.Fold;

/// <summary>Settings as the value of a <c>settings</c> fact: canonical, so that equal settings are equal text.</summary>
public static class FoldSettingsJson
{
    /// <summary>Writes.</summary>
    public static string Write(FoldOptions options, ConsentFlags consentDefault) =>
        JsonSerializer.Serialize(new Wire(options with { Weights = new SortedDictionary<string, float>(options.Weights.ToDictionary(), StringComparer.Ordinal) }, (int)consentDefault),
            FoldSettingsJsonContext.Default.Wire);

    /// <summary>Reads.</summary>
    public static FoldSettings Read(string json)
    {
        var wire = JsonSerializer.Deserialize(json, FoldSettingsJsonContext.Default.Wire) ?? throw new CorruptRowException("a settings fact is null");
        return new FoldSettings(wire.Fold, (ConsentFlags)wire.ConsentDefault);
    }

    internal sealed record Wire(FoldOptions Fold, int ConsentDefault);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FoldSettingsJson.Wire))]
[JsonSerializable(typeof(SortedDictionary<string, float>))]
internal sealed partial class FoldSettingsJsonContext : JsonSerializerContext;
