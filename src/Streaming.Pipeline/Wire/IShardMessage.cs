namespace Streaming.Pipeline.Wire;

/// <summary>A message for the shard of a partition.</summary>
internal interface IShardMessage : IWireMessage
{
    /// <summary>Partition number.</summary>
    int Partition { get; }
}
