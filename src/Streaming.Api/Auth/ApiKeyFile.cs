using System.Text.Json;

namespace Streaming.Api.Auth;

/// <summary>The file of API keys, for who makes keys and who is to serve them.</summary>
public static class ApiKeyFile
{
    private const int MaxFileBytes = 4 * 1024 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What is wrong with a file; null: nothing.</summary>
    public static string? Error(string path)
    {
        try
        {
            _ = ApiKeySet.Parse(Read(path));
            return null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>The text of a file.</summary>
    /// <exception cref="FormatException">No interface would take it; the message names every error, and no hash.</exception>
    public static byte[] Write(ApiKeyDocument document)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, ApiKeyJson.Default.ApiKeyDocument);
        _ = ApiKeySet.Parse(bytes);
        return bytes;
    }

    /// <summary>Adds a key to a file, or makes the file, which its owner alone may read. Whoever reads it meanwhile sees the one before or the one after.</summary>
    /// <exception cref="FormatException">The file is not sound, or would not be: the id is there already.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static void Add(string path, ApiKeyEntry entry)
    {
        IReadOnlyList<ApiKeyEntry> before = [];
        var mode = OwnerOnly;
        if (File.Exists(path))
        {
            var bytes = Read(path);
            _ = ApiKeySet.Parse(bytes);
            before = JsonSerializer.Deserialize(bytes, ApiKeyJson.Default.ApiKeyDocument)!.Keys;
            if (!OperatingSystem.IsWindows()) mode = File.GetUnixFileMode(path);
        }

        var text = Write(new ApiKeyDocument { Keys = [.. before, entry] });
        var fresh = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using (var stream = new FileStream(fresh, options)) stream.Write(text);
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>The bytes of a file.</summary>
    internal static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > MaxFileBytes) throw new FormatException($"has {stream.Length} bytes, more than {MaxFileBytes}");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
