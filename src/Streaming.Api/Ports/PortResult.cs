namespace Streaming.Api.Ports;

/// <summary>An outcome and what comes with it.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Value">What was asked for; null where there is none.</param>
/// <param name="Field">The field of the request that was refused.</param>
/// <param name="Why">Words for the caller; no personal data, nothing of the engine's inside.</param>
/// <param name="RetryAfter">When asking again may help; null: the default.</param>
/// <typeparam name="T">What is asked for.</typeparam>
public readonly record struct PortResult<T>(PortOutcome Outcome, T? Value = null, string? Field = null, string? Why = null, TimeSpan? RetryAfter = null)
    where T : class
{
    /// <summary>Here it is.</summary>
    public static PortResult<T> Found(T value) => new(PortOutcome.Found, value);

    /// <summary>Not, and why not.</summary>
    public static PortResult<T> Not(PortOutcome outcome, string? why = null) => new(outcome, Why: why);

    /// <summary>The engine cannot do what a field asks for.</summary>
    public static PortResult<T> Refuse(string field, string why) => new(PortOutcome.Refused, null, field, why);
}
