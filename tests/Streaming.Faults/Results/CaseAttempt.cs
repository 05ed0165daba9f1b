namespace Streaming.Faults.Results;

/// <summary>A run of a case that did not pass: what a later pass on the same sources must not hide.</summary>
/// <param name="At">When it ended, UTC.</param>
/// <param name="Sources">Hash of the sources that it ran on.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Why">Its first failure, or why it could not be run.</param>
internal sealed record CaseAttempt(DateTime At, string Sources, int Seed, double Seconds, string Why)
{
    /// <summary>Of a result that is no pass.</summary>
    public static CaseAttempt Of(CaseResult result) => new(result.At, result.Sources, result.Seed, result.Seconds, result.Skipped ?? (result.Failures is [var first, ..] ? first : "no reason was given"));
}
