using System.IO.Compression;

namespace Streaming.Training.Evaluate;

/// <summary>Opens an input: plain or gzip (told by its first two bytes), <c>-</c> for standard input.</summary>
public static class InputFile
{
    /// <summary>The decompressed bytes; the caller disposes.</summary>
    /// <param name="path">A path, or <c>-</c>.</param>
    public static Stream Open(string path)
    {
        var file = new BufferedStream(path == "-" ? Console.OpenStandardInput() : File.OpenRead(path), 1 << 16);
        Span<byte> magic = stackalloc byte[2];
        var read = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        var whole = new PrefixedStream(magic[..read].ToArray(), file);
        return read == 2 && magic[0] == 0x1f && magic[1] == 0x8b ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }
}
