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
    /// <exception cref="CorruptRowException">Not what <see cref="Write"/> wrote.</exception>
    public static FoldSettings Read(string json)
    {
        try
        {
            var wire = JsonSerializer.Deserialize(json, FoldSettingsJsonContext.Default.Wire);
            return wire?.Fold?.Weights is null ? throw new CorruptRowException("a settings fact is empty") : new FoldSettings(wire.Fold, (ConsentFlags)wire.ConsentDefault);
        }
        catch (JsonException e)
        {
            throw new CorruptRowException($"a settings fact cannot be read: {e.Message}", e);
        }
    }

    internal sealed record Wire(FoldOptions Fold, int ConsentDefault);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FoldSettingsJson.Wire))]
[JsonSerializable(typeof(SortedDictionary<string, float>))]
internal sealed partial class FoldSettingsJsonContext : JsonSerializerContext;
