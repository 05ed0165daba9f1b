namespace Streaming.Training.Sentiment;

/// <summary>Hashes of texts that are the same on every machine: FNV-1a over UTF-16 units (Fowler, Noll and Vo), its bits mixed by the end of SplitMix64.</summary>
internal static class TextHash
{
    /// <summary>Hash of nothing.</summary>
    public const ulong Start = 0xcbf29ce484222325;

    private const ulong Prime = 0x100000001b3;

    /// <summary>One more unit.</summary>
    public static ulong Add(ulong hash, char c) => (hash ^ c) * Prime;

    /// <summary>A whole text more.</summary>
    public static ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (var c in text) hash = Add(hash, c);
        return hash;
    }

    /// <summary>Spreads every bit over all.</summary>
    public static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return hash ^ (hash >> 31);
    }
}
