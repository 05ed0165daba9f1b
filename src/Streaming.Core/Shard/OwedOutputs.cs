using Streaming.Core.Events;

namespace Streaming.Core.Shard;

/// <summary>What a replay found that a user still owes: one who was parked, or whose session ended while due entries could not be read.</summary>
/// <param name="Key">Profile key.</param>
/// <param name="Buffer">Records that the fold made meanwhile.</param>
/// <param name="Last">The last event applied meanwhile: a recommendation is due for it; null where there was none.</param>
/// <param name="Fact">The fact that says it went out: <see cref="FactTypes.Unpark"/> or <see cref="FactTypes.Ended"/>.</param>
internal sealed record OwedOutputs(UserKey Key, OutputBuffer Buffer, Touched? Last, string Fact);
