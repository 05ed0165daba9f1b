namespace Streaming.Simulation;

/// <summary>How a seed ended.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Failure">What was found; null: nothing.</param>
/// <param name="TraceHash">Hash of everything that happened.</param>
/// <param name="Stats">What happened.</param>
internal sealed record Verdict(long Seed, string? Failure, ulong TraceHash, Stats Stats);
