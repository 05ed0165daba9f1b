using System.IO.Compression;

namespace Streaming.Host.Replay;

/// <summary>
/// An input that can be read more than once: a file, plain or gzip (told by its first bytes), or <c>-</c>, standard input, which is spooled to a temporary
/// file where a second pass is needed.
/// </summary>
public sealed class HistoryInput : IDisposable
{
    private readonly FileStream? _file;
    private Stream? _once;

    private HistoryInput(FileStream? file, Stream? once)
    {
        _file = file;
        _once = once;
    }

    /// <summary>Opens an input.</summary>
    /// <param name="path">A file's path, or <c>-</c>.</param>
    /// <param name="passes">How often it will be read.</param>
    /// <param name="standardInput">What <c>-</c> stands for; the process's own by default.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static HistoryInput Open(string path, int passes = 1, Stream? standardInput = null)
    {
        if (path != "-") return new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, FileOptions.SequentialScan), null);
        var stdin = standardInput ?? Console.OpenStandardInput();
        if (passes == 1) return new(null, stdin);
        var spool = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 128 * 1024, FileOptions.DeleteOnClose);
        using (stdin) stdin.CopyTo(spool);
        return new(spool, null);
    }

    /// <summary>Bytes of the file as stored; null where it is not known.</summary>
    public long? Length => _file?.Length;

    /// <summary>Bytes of the file consumed by the present pass.</summary>
    public long Position => _file?.Position ?? 0;

    /// <summary>The content from its beginning, decompressed. The stream of the pass before must not be used any more.</summary>
    public Stream OpenPass()
    {
        Stream source;
        if (_file is not null)
        {
            _file.Position = 0;
            source = new KeepOpenStream(_file);
        }
        else
        {
            source = _once ?? throw new InvalidOperationException("standard input can be read only once");
            _once = null;
        }

        var head = new byte[2];
        var read = source.ReadAtLeast(head, 2, throwOnEndOfStream: false);
        Stream whole = new PrefixedStream(head.AsMemory(0, read), source);
        return read == 2 && head[0] == 0x1f && head[1] == 0x8b ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _once?.Dispose();
    }
}
