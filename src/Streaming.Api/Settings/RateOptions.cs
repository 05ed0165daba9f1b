namespace Streaming.Api.Settings;

/// <summary>Requests in a time, by token buckets. Beyond: 429 with Retry-After.</summary>
public sealed record RateOptions
{
    /// <summary>Requests a minute of one key, token or loopback; a batch counts as its questions. 1 to 10,000,000.</summary>
    public int KeyPerMinute { get; init; } = 6000;
    /// <summary>Requests of one key at once. 1 to 1,000,000.</summary>
    public int KeyBurst { get; init; } = 200;
    /// <summary>Requests a minute of one address (IPv6: of one /64), whoever asks; it also bounds guesses. 1 to 10,000,000.</summary>
    public int AddressPerMinute { get; init; } = 12_000;
    /// <summary>Requests of one address at once. 1 to 1,000,000.</summary>
    public int AddressBurst { get; init; } = 400;

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        (string Name, int Value, int Most)[] numbers =
            [(nameof(KeyPerMinute), KeyPerMinute, 10_000_000), (nameof(KeyBurst), KeyBurst, 1_000_000), (nameof(AddressPerMinute), AddressPerMinute, 10_000_000), (nameof(AddressBurst), AddressBurst, 1_000_000)];
        foreach (var (name, value, most) in numbers)
        {
            if (value < 1 || value > most) yield return $"{name} must be 1 to {most}, not {value}";
        }
    }
}
