namespace Streaming.Api.Settings;

/// <summary>Limits of a request. Beyond one the request is refused with the field's name; none can be turned off.</summary>
public sealed record LimitOptions
{
    /// <summary>Largest body in bytes, but for events. 1,024 to 1,048,576.</summary>
    public int MaxBodyBytes { get; init; } = 64 * 1024;
    /// <summary>Largest body of POST /v1/events in bytes. 1,024 to 16,777,216.</summary>
    public int MaxEventsBytes { get; init; } = 1024 * 1024;
    /// <summary>Most events of a request. 1 to 10,000.</summary>
    public int MaxEvents { get; init; } = 1000;
    /// <summary>Items of a list that is asked for without a count. 1 to 1,000.</summary>
    public int DefaultCount { get; init; } = 20;
    /// <summary>Most items of a list. 1 to 1,000.</summary>
    public int MaxCount { get; init; } = 100;
    /// <summary>Most questions of a batch. 1 to 1,000.</summary>
    public int MaxQueries { get; init; } = 50;
    /// <summary>Questions of a batch that are asked at a time. 1 to 64.</summary>
    public int BatchConcurrency { get; init; } = 8;
    /// <summary>Most context items. 0 to 1,000.</summary>
    public int MaxContextItems { get; init; } = 50;
    /// <summary>Most excluded items. 0 to 10,000.</summary>
    public int MaxExcluded { get; init; } = 500;
    /// <summary>Most items to put in order. 1 to 10,000.</summary>
    public int MaxRerankItems { get; init; } = 500;
    /// <summary>Longest surface, model name or version, in characters. 1 to 256.</summary>
    public int MaxWordLength { get; init; } = 64;
    /// <summary>Longest category, query, reason or page token, in characters. 1 to 4,096.</summary>
    public int MaxTextLength { get; init; } = 512;
    /// <summary>Most dead letters of a page or of a re-drive. 1 to 1,000.</summary>
    public int MaxDeadLetters { get; init; } = 100;
    /// <summary>Greatest time limit of a list, an order, a profile. 10 ms to 1 min.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>Time limit of events, and of every act. 100 ms to 5 min.</summary>
    public TimeSpan ActTime { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>How long a body may take to come, so that slow callers do not hold the others' places. 100 ms to 5 min.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Requests at work at a time; one more is answered 503. One caller, and one address before it is known who asks, may have a quarter of them, beyond which it is answered 429. 1 to 100,000.</summary>
    public int MaxInFlight { get; init; } = 256;
    /// <summary>Idempotency keys whose body is remembered, to refuse another body under the same key. 1 to 1,000,000.</summary>
    public int RememberedKeys { get; init; } = 10_000;

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        (string Name, int Value, int Least, int Most)[] numbers =
        [
            (nameof(MaxBodyBytes), MaxBodyBytes, 1024, 1024 * 1024), (nameof(MaxEventsBytes), MaxEventsBytes, 1024, 16 * 1024 * 1024), (nameof(MaxEvents), MaxEvents, 1, 10_000),
            (nameof(DefaultCount), DefaultCount, 1, 1000), (nameof(MaxCount), MaxCount, 1, 1000), (nameof(MaxQueries), MaxQueries, 1, 1000), (nameof(BatchConcurrency), BatchConcurrency, 1, 64),
            (nameof(MaxContextItems), MaxContextItems, 0, 1000), (nameof(MaxExcluded), MaxExcluded, 0, 10_000), (nameof(MaxRerankItems), MaxRerankItems, 1, 10_000),
            (nameof(MaxWordLength), MaxWordLength, 1, 256), (nameof(MaxTextLength), MaxTextLength, 1, 4096), (nameof(MaxDeadLetters), MaxDeadLetters, 1, 1000),
            (nameof(MaxInFlight), MaxInFlight, 1, 100_000), (nameof(RememberedKeys), RememberedKeys, 1, 1_000_000),
        ];
        foreach (var (name, value, least, most) in numbers)
        {
            if (value < least || value > most) yield return $"{name} must be {least} to {most}, not {value}";
        }

        if (DefaultCount > MaxCount) yield return $"{nameof(DefaultCount)} must not be above {nameof(MaxCount)}";
        if (MaxTime < TimeSpan.FromMilliseconds(10) || MaxTime > TimeSpan.FromMinutes(1)) yield return $"{nameof(MaxTime)} must be 10 ms to 1 min, not {MaxTime}";
        if (BodyTime < TimeSpan.FromMilliseconds(100) || BodyTime > TimeSpan.FromMinutes(5)) yield return $"{nameof(BodyTime)} must be 100 ms to 5 min, not {BodyTime}";
        if (ActTime < TimeSpan.FromMilliseconds(100) || ActTime > TimeSpan.FromMinutes(5)) yield return $"{nameof(ActTime)} must be 100 ms to 5 min, not {ActTime}";
    }
}
