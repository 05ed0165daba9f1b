using System.Security.Cryptography;
using Streaming.Core.Score;

namespace Streaming.Faults.Cases;

/// <summary>
/// A folder of the ranker in which two versions take turns: the shipped one, and one of another name and other bytes (the same network with a note in it), so that a manifest of the one beside the
/// network of the other is refused by its hash. They are put there as <c>streaming train</c> does: under another name first, then renamed, the manifest last.
/// </summary>
internal sealed class ModelFolder : IDisposable
{
    // ModelProto.doc_string: field 6, of bytes; at the end of the message it is as good as anywhere.
    private static readonly byte[] Note = [(6 << 3) | 2, 6, .. "second"u8];
    private readonly string _folder;
    private readonly (ModelManifest Manifest, byte[] Model)[] _versions;
    private int _there;

    public ModelFolder(CaseRun run)
    {
        var shipped = Path.Combine(run.Options.Build, "models", "ranker");
        var first = ModelManifestJson.Read(File.ReadAllBytes(Path.Combine(shipped, ModelManifest.FileName)));
        var model = File.ReadAllBytes(Path.Combine(shipped, first.File));
        byte[] second = [.. model, .. Note];
        _versions = [(first, model), (first with { Version = first.Version + "-second", Sha256 = Convert.ToHexStringLower(SHA256.HashData(second)) }, second)];
        _folder = Path.Combine(run.Folder, "model");
        Directory.CreateDirectory(_folder);
        Put();
        run.More.AddRange(["--set", $"Score:ModelFolder={_folder}", "--set", "Score:PollInterval=500ms"]);
    }

    /// <summary>Both versions, by the name that the engine gives them.</summary>
    public IReadOnlyList<string> Versions => [.. _versions.Select(v => NameOf(v.Manifest))];

    /// <summary>The version that is there.</summary>
    public string Version => NameOf(_versions[_there].Manifest);

    /// <summary>Puts the other version there.</summary>
    public void Change()
    {
        _there = 1 - _there;
        Put();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string NameOf(ModelManifest manifest) => $"{manifest.Name}/{manifest.Version}";

    private void Put()
    {
        var (manifest, model) = _versions[_there];
        Put(manifest.File, model);
        Put(ModelManifest.FileName, ModelManifestJson.Write(manifest));
    }

    private void Put(string name, byte[] bytes)
    {
        var temporary = Path.Combine(_folder, "." + name + ".new");
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, Path.Combine(_folder, name), overwrite: true);
    }
}
