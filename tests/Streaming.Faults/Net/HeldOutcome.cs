namespace Streaming.Faults.Net;

/// <summary>What became of a commit that was held back.</summary>
/// <param name="State">How far the client had gone on when it was let go.</param>
/// <param name="Answer">The error code that the broker answered it with; null where no answer came.</param>
internal readonly record struct HeldOutcome(HeldState State, short? Answer)
{
    /// <summary>In place of an error code's name.</summary>
    public const string NoAnswer = "no answer";

    /// <summary>Whether the client had given it up before it was let go.</summary>
    public bool IsGivenUp => State != HeldState.Awaited;

    /// <summary>Whether it is what is to be shown: given up by the client, and judged by the broker all the same.</summary>
    public bool Counts => IsGivenUp && Answer is not null;

    /// <summary>The answer's name; <see cref="NoAnswer"/> where there was none.</summary>
    public string AnswerName => Answer is { } code ? KafkaErrors.NameOf(code) : NoAnswer;
}
