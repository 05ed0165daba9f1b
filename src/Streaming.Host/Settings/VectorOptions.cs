namespace Streaming.Host.Settings;

/// <summary>Trained item vectors.</summary>
internal sealed record VectorOptions
{
    /// <summary>Folder that <c>train embeddings</c> wrote (<c>items.bin</c> and <c>manifest.json</c>); empty: every item's vector comes from its attributes.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (Folder.Length > 0 && !Directory.Exists(Folder)) yield return $"Folder '{Folder}' does not exist.";
    }
}
