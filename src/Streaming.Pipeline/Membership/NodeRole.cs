namespace Streaming.Pipeline.Membership;

/// <summary>What a member of the cluster is for.</summary>
public enum NodeRole
{
    /// <summary>Hosts user shards.</summary>
    Worker,
    /// <summary>Hosts nothing; its vote lets two workers decide a split (design §3).</summary>
    Witness,
}
