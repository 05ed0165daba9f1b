namespace Streaming.Pipeline.Membership;

/// <summary>Why a node's part in the cluster ended.</summary>
public enum NodeEnd
{
    /// <summary>It was asked to: shards handed off, cluster left.</summary>
    Drained,
    /// <summary>The others removed it, or it found itself on the losing side of a split; its supervisor should start it again.</summary>
    Downed,
    /// <summary>No seed node let it in within <see cref="ClusterOptions.JoinTimeout"/>.</summary>
    JoinFailed,
    /// <summary>Its shard region stopped although nobody asked; a restart is the only cure.</summary>
    RegionLost,
    /// <summary>The actor system ended for another reason.</summary>
    Stopped,
}
