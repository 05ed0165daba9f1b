using Streaming.Core.Events;
using Streaming.Core.Snapshot;

namespace Streaming.Core.Shard;

/// <summary>Rows of parked users on their way from the store.</summary>
/// <param name="Users">The users.</param>
/// <param name="Reading">Their rows, in that order, then the shard's row R as it was after them.</param>
internal sealed record ParkedRows(IReadOnlyList<UserKey> Users, Task<(StoredRow[] Rows, StoredRow Shard)> Reading);
