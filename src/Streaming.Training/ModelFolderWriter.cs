using Streaming.Core.Score;

namespace Streaming.Training;

/// <summary>Writes a model folder so that a watcher never takes up half of it: each file under another name first, then renamed, the manifest last.</summary>
internal static class ModelFolderWriter
{
    /// <summary>Writes the model's file and its manifest, replacing those that are there.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="model">Bytes of <see cref="ModelManifest.File"/>.</param>
    /// <param name="others">Bytes of <see cref="ModelManifest.Files"/>, by name.</param>
    public static void Write(string folder, ModelManifest manifest, byte[] model, IReadOnlyDictionary<string, byte[]>? others = null)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in others ?? new Dictionary<string, byte[]>()) Put(folder, name, bytes);
        Put(folder, manifest.File, model);
        Put(folder, ModelManifest.FileName, ModelManifestJson.Write(manifest));
    }

    private static void Put(string folder, string name, byte[] bytes)
    {
        var temporary = Path.Combine(folder, "." + name + ".new");
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path.Combine(folder, name), overwrite: true);
    }
}
