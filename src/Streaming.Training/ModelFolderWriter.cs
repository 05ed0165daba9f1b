using Streaming.Core.Score;

namespace Streaming.Training;

/// <summary>Writes a model folder so that a watcher never takes up half of it: each file under another name first, then renamed, the manifest last.</summary>
internal static class ModelFolderWriter
{
    /// <summary>Writes the model's file and its manifest, replacing those that are there.</summary>
    public static void Write(string folder, ModelManifest manifest, byte[] model)
    {
        Directory.CreateDirectory(folder);
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
