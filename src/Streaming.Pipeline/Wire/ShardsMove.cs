namespace Streaming.Pipeline.Wire;

/// <summary>From a member that begins to drain to the keep-alive of every other: shards are about to need an owner, before any news of membership can say so.</summary>
internal sealed class ShardsMove : IWireMessage
{
    /// <summary>The only one.</summary>
    public static readonly ShardsMove Instance = new();
}
