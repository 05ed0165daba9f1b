using Streaming.Simulation.Checks;

namespace Streaming.Simulation;

/// <summary>How a seed ended.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Failure">What was found first; null: nothing.</param>
/// <param name="Spoke">What each checker that spoke said first; all of them where the run went on after the first.</param>
/// <param name="TraceHash">Hash of everything that happened.</param>
/// <param name="Stats">What happened.</param>
internal sealed record Verdict(long Seed, string? Failure, IReadOnlyDictionary<Checker, string> Spoke, ulong TraceHash, Stats Stats);
