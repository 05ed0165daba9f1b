using System.Text.Json;
using Streaming.Core.Errors;

namespace Streaming.Core.Score;

/// <summary>Reads and writes <see cref="ModelManifest"/>.</summary>
public static class ModelManifestJson
{
    /// <summary>The manifest as UTF-8 JSON with a final line feed.</summary>
    public static byte[] Write(ModelManifest manifest) => [.. JsonSerializer.SerializeToUtf8Bytes(manifest, ModelManifestContext.Default.ModelManifest), (byte)'\n'];

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ModelRefusedException">Not JSON, a field missing or unknown, or a newer format.</exception>
    public static ModelManifest Read(ReadOnlySpan<byte> utf8)
    {
        ModelManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(utf8, ModelManifestContext.Default.ModelManifest);
        }
        catch (JsonException e)
        {
            throw new ModelRefusedException($"{ModelManifest.FileName} cannot be read: {e.Message}", e);
        }

        if (manifest is null) throw new ModelRefusedException($"{ModelManifest.FileName} is empty");
        return manifest.Format > ModelManifest.CurrentFormat
            ? throw new ModelRefusedException($"{ModelManifest.FileName} has format {manifest.Format}, newer than the {ModelManifest.CurrentFormat} this program reads")
            : manifest;
    }
}
