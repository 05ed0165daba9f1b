using Streaming.Core.Shard;

namespace Streaming.Pipeline.Shards;

/// <summary>A shard of this node at one moment.</summary>
/// <param name="Partition">Partition number.</param>
/// <param name="Phase">One of <see cref="ShardPhases"/>, or the shard's own phase while it runs.</param>
/// <param name="Status">What the shard itself says; null before it was created or after it was disposed.</param>
/// <param name="Error">Last error that ended a run, without personal data; null where none since the last healthy one.</param>
/// <param name="Failures">Runs in a row that ended in an error with nothing committed.</param>
public sealed record LocalShard(int Partition, string Phase, ShardStatus? Status, string? Error, int Failures);
