namespace Streaming.Pipeline.Wire;

/// <summary>Starts the shard of a partition where it does not run; never answered.</summary>
internal sealed record Ping(int Partition) : IShardMessage;
