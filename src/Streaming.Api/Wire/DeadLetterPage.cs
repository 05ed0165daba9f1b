using Streaming.Contracts;

namespace Streaming.Api.Wire;

/// <summary>Dead letters, newest first.</summary>
public sealed record DeadLetterPage
{
    /// <summary>The letters, as in topic dead-letters.</summary>
    public required IReadOnlyList<DeadLetter> DeadLetters { get; init; }
    /// <summary>Token of the next page; absent on the last.</summary>
    public string? NextPageToken { get; init; }
}

/// <summary>Asks for dead letters to go through once more.</summary>
public sealed record RedriveRequest
{
    /// <summary>deadLetterId of each.</summary>
    public IReadOnlyList<string?>? DeadLetterIds { get; init; }
}

/// <summary>What became of each.</summary>
public sealed record RedriveReply
{
    /// <summary>One a letter, in the order of the request.</summary>
    public required IReadOnlyList<RedriveResult> Results { get; init; }
}

/// <summary>What became of one letter.</summary>
public sealed record RedriveResult
{
    /// <summary>The letter.</summary>
    public required string DeadLetterId { get; init; }
    /// <summary>True: it is in events again.</summary>
    public required bool IsWritten { get; init; }
    /// <summary>Why not: unknown, cut, or a reason of docs/dead-letters.md that still holds.</summary>
    public string? Reason { get; init; }
}
