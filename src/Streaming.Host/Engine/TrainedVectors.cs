using Streaming.Core.Errors;
using Streaming.Core.Items;
using Streaming.Core.Score;
using Streaming.Host.Settings;

namespace Streaming.Host.Engine;

/// <summary>Makes a trained table the base that shards stand on.</summary>
internal static class TrainedVectors
{
    /// <summary>Reads the folder's table, holds it against its manifest and puts it into the store.</summary>
    /// <exception cref="ModelRefusedException">The folder lacks a file, or the bytes are not those of the manifest.</exception>
    public static async Task UseAsync(VectorOptions options, VectorTables tables, CancellationToken cancellation)
    {
        if (options.Folder.Length == 0) return;
        try
        {
            var manifest = ModelManifestJson.Read(await File.ReadAllBytesAsync(Path.Combine(options.Folder, "manifest.json"), cancellation));
            if (manifest.Kind != ModelManifest.EmbeddingsKind) throw new ModelRefusedException($"Vectors:Folder {options.Folder} holds a model of kind {manifest.Kind}, not {ModelManifest.EmbeddingsKind}");
            var bytes = await File.ReadAllBytesAsync(Path.Combine(options.Folder, Path.GetFileName(manifest.File)), cancellation);
            if (VectorTableBlob.Sha256(bytes) != manifest.Sha256) throw new ModelRefusedException($"{manifest.File} in Vectors:Folder {options.Folder} is not the file that its manifest names: another sha256");
            await tables.UseBaseAsync(bytes, cancellation);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or CorruptRowException)
        {
            throw new ModelRefusedException($"Vectors:Folder {options.Folder}: {e.Message}", e);
        }
    }
}
