namespace Streaming.Core.Decode;

/// <summary>Limits of one record of <c>events</c>. A record beyond one of them becomes a dead letter; none of them can be turned off.</summary>
public sealed record DecodeOptions
{
    /// <summary>Largest value in bytes; beyond: <c>too_large</c>. 64 to 1,048,576. Checked before a byte of the value is looked at.</summary>
    public int MaxValueBytes { get; init; } = 64 * 1024;
    /// <summary>Most fields of the root object, unknown ones included; beyond: <c>too_large</c>. 24 to 256.</summary>
    public int MaxFields { get; init; } = 64;
    /// <summary>Longest query or review text in UTF-8 bytes; beyond: <c>too_large</c>. 1 to 65,536.</summary>
    public int MaxTextBytes { get; init; } = 4 * 1024;
    /// <summary>Longest id in UTF-8 bytes after canonicalisation; beyond: <c>invalid_id</c>. 1 to 1,024.</summary>
    public int MaxIdBytes { get; init; } = 256;
    /// <summary>Most entries of a search's result list; beyond: <c>too_large</c>. 1 to 1,000.</summary>
    public int MaxResults { get; init; } = 200;
    /// <summary>Deepest nesting, the root object being 1; beyond: <c>too_deep</c>. 2 to 64.</summary>
    public int MaxDepth { get; init; } = 64;
    /// <summary>Greatest quantity; beyond: <c>number_out_of_range</c>. 1 to 1,000,000.</summary>
    public int MaxQuantity { get; init; } = 1_000_000;
    /// <summary>
    /// Greatest unit price in 1/10,000 of the currency unit (default: 100 million units); beyond: <c>number_out_of_range</c>. 1 to 10^12, so that price times quantity fits
    /// in 64 bits.
    /// </summary>
    public long MaxUnitPriceE4 { get; init; } = 1_000_000_000_000;

    /// <summary>Every error of these options at once, each with the option's name; nothing when they are sound.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxValueBytes is < 64 or > 1024 * 1024) yield return $"{nameof(MaxValueBytes)} must be 64 to 1048576, not {MaxValueBytes}";
        if (MaxFields is < 24 or > 256) yield return $"{nameof(MaxFields)} must be 24 to 256, not {MaxFields}";
        if (MaxTextBytes is < 1 or > 64 * 1024) yield return $"{nameof(MaxTextBytes)} must be 1 to 65536, not {MaxTextBytes}";
        if (MaxIdBytes is < 1 or > 1024) yield return $"{nameof(MaxIdBytes)} must be 1 to 1024, not {MaxIdBytes}";
        if (MaxResults is < 1 or > 1000) yield return $"{nameof(MaxResults)} must be 1 to 1000, not {MaxResults}";
        if (MaxDepth is < 2 or > 64) yield return $"{nameof(MaxDepth)} must be 2 to 64, not {MaxDepth}";
        if (MaxQuantity is < 1 or > 1_000_000) yield return $"{nameof(MaxQuantity)} must be 1 to 1000000, not {MaxQuantity}";
        if (MaxUnitPriceE4 is < 1 or > 1_000_000_000_000) yield return $"{nameof(MaxUnitPriceE4)} must be 1 to 1000000000000, not {MaxUnitPriceE4}";
    }
}
