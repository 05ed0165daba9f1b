namespace Streaming.Api.Settings;

/// <summary>Requests and events in a time, by token buckets. Beyond: 429 with Retry-After.</summary>
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

    /// <summary>Events a minute of one key, token or loopback by POST /v1/events, refused ones too. 1 to 10,000,000.</summary>
    public int EventsPerMinute { get; init; } = 60_000;
    /// <summary>Events of one key at once, at least Limits:MaxEvents. 1 to 1,000,000.</summary>
    public int EventsBurst { get; init; } = 10_000;

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        (string Name, int Value, int Most)[] numbers =
            [(nameof(KeyPerMinute), KeyPerMinute, 10_000_000), (nameof(KeyBurst), KeyBurst, 1_000_000), (nameof(AddressPerMinute), AddressPerMinute, 10_000_000), (nameof(AddressBurst), AddressBurst, 1_000_000),
                (nameof(EventsPerMinute), EventsPerMinute, 10_000_000), (nameof(EventsBurst), EventsBurst, 1_000_000)];
        foreach (var (name, value, most) in numbers)
        {
            if (value < 1 || value > most) yield return $"{name} must be 1 to {most}, not {value}";
        }

        // A bucket is filled each 100 ms: a smaller one would hold less than comes in.
        (string Name, int Burst, string OfRate, int PerMinute)[] buckets =
            [(nameof(KeyBurst), KeyBurst, nameof(KeyPerMinute), KeyPerMinute), (nameof(AddressBurst), AddressBurst, nameof(AddressPerMinute), AddressPerMinute), (nameof(EventsBurst), EventsBurst, nameof(EventsPerMinute), EventsPerMinute)];
        foreach (var (name, burst, ofRate, perMinute) in buckets)
        {
            if (burst < perMinute / 600) yield return $"{name} must be at least {perMinute / 600}, a 600th of {ofRate}, not {burst}";
        }
    }
}
