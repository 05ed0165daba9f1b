using Streaming.Core.Errors;

namespace Streaming.Pipeline.Membership;

/// <summary>This member could not join its cluster: the others downed it, or it found none. The process ends and its supervisor starts it again.</summary>
public sealed class ClusterJoinException(string message, Exception? inner = null) : EngineException(message, inner)
{
    /// <inheritdoc/>
    public override ErrorAction Action => ErrorAction.Fatal;
}
