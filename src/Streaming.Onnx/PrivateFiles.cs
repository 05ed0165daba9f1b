using Streaming.Core.Errors;

namespace Streaming.Onnx;

/// <summary>
/// External tensor data of a model, written where nobody else writes. ONNX Runtime maps such files and reads them while it scores: one that were changed in its folder afterwards would change the scores, and one that were
/// cut off would end the process. Where the system allows it the files are removed as soon as they are mapped, so that no end of the process leaves them behind.
/// </summary>
internal sealed class PrivateFiles : IDisposable
{
    private readonly DirectoryInfo? _folder;

    /// <summary>Writes the files; where there are none, nothing is written.</summary>
    /// <exception cref="ModelRefusedException">The temporary folder cannot be written.</exception>
    public PrivateFiles(IReadOnlyDictionary<string, byte[]> files)
    {
        if (files.Count == 0) return;
        try
        {
            _folder = Directory.CreateTempSubdirectory("streaming-model-"); // for this user alone
            foreach (var (name, bytes) in files) File.WriteAllBytes(System.IO.Path.Combine(_folder.FullName, name), bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new ModelRefusedException($"the model's external data cannot be copied to the temporary folder: {e.Message}", e);
        }
    }

    /// <summary>Where they lie; null where there are none.</summary>
    public string? Path => _folder?.FullName;

    /// <summary>What could not be removed, and why; null where nothing was left behind.</summary>
    public string? Note { get; private set; }

    /// <summary>The session is open: what it mapped stays readable to it without a name.</summary>
    public void Mapped()
    {
        if (!OperatingSystem.IsWindows()) Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (_folder is not null && Directory.Exists(_folder.FullName)) _folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Note = $"{_folder!.FullName} could not be removed: {e.Message}";
        }
    }
}
