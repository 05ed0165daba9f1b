using Akka.Actor;

namespace Streaming.Pipeline.Membership;

/// <summary>Reasons of ours for ending a node.</summary>
internal static class ShutdownReasons
{
    /// <summary>What a reason means for the host; null: nobody asked for a coordinated shutdown.</summary>
    public static NodeEnd EndOf(CoordinatedShutdown.Reason? reason) => reason switch
    {
        DrainReason or CoordinatedShutdown.ClusterLeavingReason => NodeEnd.Drained,
        CoordinatedShutdown.ClusterDowningReason or ShutOutReason => NodeEnd.Downed,
        CoordinatedShutdown.ClusterJoinUnsuccessfulReason => NodeEnd.JoinFailed,
        RegionLostReason => NodeEnd.RegionLost,
        _ => NodeEnd.Stopped,
    };

    /// <summary>The host asked.</summary>
    public sealed class DrainReason : CoordinatedShutdown.Reason
    {
        /// <inheritdoc/>
        public override int ExitCode => 0;
    }

    /// <summary>Another member refuses this one for good.</summary>
    public sealed class ShutOutReason : CoordinatedShutdown.Reason
    {
        /// <inheritdoc/>
        public override int ExitCode => 1;
    }

    /// <summary>The region stopped by itself.</summary>
    public sealed class RegionLostReason : CoordinatedShutdown.Reason
    {
        /// <inheritdoc/>
        public override int ExitCode => 1;
    }
}
