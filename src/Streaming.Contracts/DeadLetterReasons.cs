namespace Streaming.Contracts;

/// <summary>The wire names of <see cref="DeadLetterReason"/>.</summary>
public static class DeadLetterReasons
{
    private static readonly string[] WireNames =
    [
        "none", "empty_value", "null_value", "invalid_json", "not_an_object", "missing_field", "missing_user", "null_field", "duplicate_field", "wrong_type",
        "wrong_case", "not_utf8_json", "invalid_text", "invalid_id", "number_out_of_range", "invalid_time", "time_out_of_range", "too_deep", "too_large", "key_mismatch",
        "unknown_type", "unknown_version", "impossible", "wrong_partition", "missing_key", "invalid_currency", "number_as_string",
    ];

    /// <summary>Every reason's name but that of <see cref="DeadLetterReason.None"/>, in the order of their values.</summary>
    public static ReadOnlySpan<string> All => WireNames.AsSpan(1);

    /// <summary>The name on the wire and in metric labels, e.g. <c>missing_user</c>.</summary>
    public static string WireName(this DeadLetterReason reason) => WireNames[(int)reason];

    /// <summary>The reason of a wire name, or <see cref="DeadLetterReason.None"/>.</summary>
    public static DeadLetterReason Parse(ReadOnlySpan<char> wireName)
    {
        for (var i = 1; i < WireNames.Length; i++)
        {
            if (wireName.SequenceEqual(WireNames[i])) return (DeadLetterReason)i;
        }

        return DeadLetterReason.None;
    }
}
