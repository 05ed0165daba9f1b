using System.Globalization;
using System.Text.Json.Nodes;

namespace Streaming.Faults.Cases;

/// <summary>A copy of the shipped ranker whose version changes.</summary>
internal sealed class ModelFolder : IDisposable
{
    private const string Manifest = "manifest.json";
    private readonly string _folder;
    private int _changes;

    public ModelFolder(CaseRun run)
    {
        _folder = Path.Combine(run.Folder, "model");
        Directory.CreateDirectory(_folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(run.Options.Build, "models", "ranker"))) File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        run.More.AddRange(["--set", $"Score:ModelFolder={_folder}", "--set", "Score:PollInterval=500ms"]);
        Version = Read()["version"]!.GetValue<string>();
    }

    /// <summary>Version of the model that is there: what lists that it scored name.</summary>
    public string Version { get; private set; }

    /// <summary>The version after this one.</summary>
    public string Next => string.Create(CultureInfo.InvariantCulture, $"{Version.Split('+')[0]}+{_changes + 1}");

    /// <summary>Puts the next version there, as a whole.</summary>
    public void Change()
    {
        (Version, _changes) = (Next, _changes + 1);
        var manifest = Read();
        manifest["version"] = Version;
        var made = Path.Combine(_folder, "made");
        File.WriteAllText(made, manifest.ToJsonString());
        File.Move(made, Path.Combine(_folder, Manifest), overwrite: true);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private JsonNode Read() => JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, Manifest)))!;
}
