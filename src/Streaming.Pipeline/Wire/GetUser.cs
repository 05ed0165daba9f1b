namespace Streaming.Pipeline.Wire;

/// <summary>Asks the shard of a partition for a user; answered by <see cref="UserReply"/>.</summary>
/// <param name="Partition">Partition that owns the user.</param>
/// <param name="Key">Bytes of the user's key, prefix included.</param>
internal sealed record GetUser(int Partition, byte[] Key) : IShardMessage;
