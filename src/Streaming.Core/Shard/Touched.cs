using Streaming.Core.Fold;

namespace Streaming.Core.Shard;

/// <summary>A profile that events of this batch touched.</summary>
/// <param name="User">The profile.</param>
/// <param name="Offset">Offset of its last event in the batch.</param>
/// <param name="OccurredAtMs">Time of that event.</param>
internal readonly record struct Touched(UserState User, long Offset, long OccurredAtMs);
