using System.Text;

namespace Streaming.Host.Replay;

/// <summary>How history is read.</summary>
public sealed record HistoryReaderOptions
{
    /// <summary>Longest row, in characters (bytes for <c>events</c>); a longer one is rejected. 1,000 to 64 Mi.</summary>
    public int MaxRowLength { get; init; } = 1024 * 1024;
    /// <summary>Name of the file's text encoding.</summary>
    public string EncodingName { get; init; } = "utf-8";
    /// <summary>Time of the first item of a <c>sessions</c> file, ms since 1970; every further item of the file is one second later (default 2020-01-01).</summary>
    public long SyntheticStartMs { get; init; } = 1_577_836_800_000;

    /// <summary>Every setting that is out of range.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxRowLength is < 1_000 or > 64 * 1024 * 1024) yield return $"{nameof(MaxRowLength)} must be between 1000 and 67108864";
        if (FindEncoding() is null) yield return $"{nameof(EncodingName)} names no text encoding: {EncodingName}";
        if (SyntheticStartMs < 0) yield return $"{nameof(SyntheticStartMs)} must not be negative";
    }

    /// <summary>The encoding, or null where the name is unknown.</summary>
    internal Encoding? FindEncoding()
    {
        foreach (var info in Encoding.GetEncodings())
        {
            if (string.Equals(info.Name, EncodingName, StringComparison.OrdinalIgnoreCase)) return info.GetEncoding();
        }

        return null;
    }
}
