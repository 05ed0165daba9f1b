namespace Streaming.Contracts;

/// <summary>A record of <c>dead-letters</c>: input that could not be applied. Key = the source record's key.</summary>
public sealed record DeadLetter
{
    /// <summary>Deterministic: topic, partition, offset.</summary>
    public required string DeadLetterId { get; init; }
    /// <summary>Source topic.</summary>
    public required string Topic { get; init; }
    /// <summary>Source partition.</summary>
    public required int Partition { get; init; }
    /// <summary>Source offset.</summary>
    public required long Offset { get; init; }
    /// <summary>Source record's broker timestamp, ms since 1970.</summary>
    public required long TimestampMs { get; init; }
    /// <summary>Wire name of the <see cref="DeadLetterReason"/>, e.g. <c>missing_user</c>.</summary>
    public required string Reason { get; init; }
    /// <summary>Source key, base64, cut at 4 KiB; null where it was null.</summary>
    public string? Key { get; init; }
    /// <summary>Bytes of the source key; null where it is whole.</summary>
    public int? KeyBytes { get; init; }
    /// <summary>Source headers, up to 16 KiB of names and values together; null where there were none.</summary>
    public IReadOnlyList<DeadLetterHeader>? Headers { get; init; }
    /// <summary>Headers beyond that, left out; null: none.</summary>
    public int? HeadersLeftOut { get; init; }
    /// <summary>Source value, base64, cut at 64 KiB; null where it was null.</summary>
    public string? Value { get; init; }
    /// <summary>Bytes of the source value before the cut.</summary>
    public required int ValueBytes { get; init; }
    /// <summary>Schema version of the contract that refused it.</summary>
    public required int SchemaVersion { get; init; }
}

/// <summary>A header of the source record.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value, base64; null where it was null.</param>
public sealed record DeadLetterHeader(string Name, string? Value);
