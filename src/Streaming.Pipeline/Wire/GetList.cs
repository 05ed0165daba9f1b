namespace Streaming.Pipeline.Wire;

/// <summary>Asks the shard of a partition what it would recommend to a user; answered by <see cref="UserReply"/>.</summary>
/// <param name="Partition">Partition that owns the user.</param>
/// <param name="Length">Most items; 0: as many as in the topic.</param>
/// <param name="Key">Bytes of the user's key, prefix included.</param>
internal sealed record GetList(int Partition, int Length, byte[] Key) : IShardMessage;
