using Streaming.Core.Errors;
using Streaming.Core.Events;

namespace Streaming.Core.Shard;

/// <summary>A row that could not be taken.</summary>
/// <param name="Key">Profile key.</param>
/// <param name="Cause">Away, stale or refused.</param>
/// <param name="Error">The reason in words.</param>
internal readonly record struct UnreadableRow(UserKey Key, ParkCause Cause, EngineException Error);
