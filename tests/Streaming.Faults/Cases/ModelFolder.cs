namespace Streaming.Faults.Cases;

/// <summary>A copy of the shipped ranker whose files change.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly string _folder;

    public ModelFolder(CaseRun run)
    {
        _folder = Path.Combine(run.Folder, "model");
        Directory.CreateDirectory(_folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(run.Options.Build, "models", "ranker"))) File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        run.More.AddRange(["--set", $"Score:ModelFolder={_folder}", "--set", "Score:PollInterval=500ms"]);
    }

    /// <summary>Puts the files there anew.</summary>
    public void Change()
    {
        foreach (var file in Directory.EnumerateFiles(_folder)) File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
