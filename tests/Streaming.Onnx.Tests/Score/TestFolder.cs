using Streaming.Core.Score;

namespace Streaming.Onnx.Tests.Score;

/// <summary>A model folder that is deleted at the end.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Path = Directory.CreateTempSubdirectory("streaming-onnx-").FullName;

    public string Path { get; }

    public TestFolder With(byte[] model, ModelManifest? manifest = null)
    {
        Put("model.onnx", model);
        Put(ModelManifest.FileName, ModelManifestJson.Write(manifest ?? TestModels.Manifest(model)));
        return this;
    }

    public void Put(string name, byte[] bytes)
    {
        var temporary = System.IO.Path.Combine(Path, "." + name + ".new");
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, System.IO.Path.Combine(Path, name), overwrite: true);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
