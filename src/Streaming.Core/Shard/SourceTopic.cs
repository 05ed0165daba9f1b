namespace Streaming.Core.Shard;

/// <summary>The three co-partitioned inputs of a shard; it reads its own partition number of each.</summary>
public enum SourceTopic
{
    /// <summary>Behaviour events.</summary>
    Events = 0,
    /// <summary>Guest deltas for users of this shard.</summary>
    Links = 1,
    /// <summary>The shard's own batch records, and requests to it.</summary>
    Control = 2,
}
