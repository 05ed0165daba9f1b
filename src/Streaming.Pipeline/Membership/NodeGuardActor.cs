using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using Microsoft.Extensions.Logging;

namespace Streaming.Pipeline.Membership;

/// <summary>
/// Ends the node where it could only linger: its region stopped by itself (a coordinator's hand-over can do that), or another member quarantined it, as
/// happens to a process that was frozen for a while. The supervisor of the process then starts it afresh.
/// </summary>
internal sealed class NodeGuardActor : ReceiveActor, IWithTimers
{
    /// <summary>How long two members alone are no reason for a warning: a third may be on its way.</summary>
    private static readonly TimeSpan TwoMembersPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RegionPatience = TimeSpan.FromSeconds(2);

    private readonly IActorRef _region;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly CoordinatedShutdown _shutdown = CoordinatedShutdown.Get(Context.System);

    public NodeGuardActor(IActorRef region, ILogger logger)
    {
        _region = region;
        // A member that is downed loses its region first and hears of its own end a moment later: only what is unexplained after that is a lost region.
        Receive<Terminated>(_ => Timers.StartSingleTimer(RegionGone.Instance, RegionGone.Instance, RegionPatience));
        Receive<RegionGone>(_ =>
        {
            if (_shutdown.ShutdownReason is not null) return;
            PipelineLog.RegionLost(logger);
            _shutdown.Run(new ShutdownReasons.RegionLostReason());
        });
        Receive<ThisActorSystemQuarantinedEvent>(shutOut =>
        {
            // A member that was itself removed may still say so; only a living one counts.
            if (_shutdown.ShutdownReason is not null || !_cluster.State.Members.Any(m => m.Address == shutOut.RemoteAddress)) return;
            PipelineLog.ShutOut(logger, shutOut.RemoteAddress.ToString());
            _shutdown.Run(new ShutdownReasons.ShutOutReason());
        });
        Receive<ClusterEvent.IMemberEvent>(_ => Timers.StartSingleTimer(CountMembers.Instance, CountMembers.Instance, TwoMembersPatience));
        Receive<CountMembers>(_ =>
        {
            if (_cluster.State.Members.Count(m => m.Status == MemberStatus.Up) == 2) PipelineLog.TwoMembers(logger);
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef region, ILogger logger) => Akka.Actor.Props.Create(() => new NodeGuardActor(region, logger));

    protected override void PreStart()
    {
        Context.Watch(_region);
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _cluster.Unsubscribe(Self);
    }

    private sealed class RegionGone
    {
        public static readonly RegionGone Instance = new();
    }

    private sealed class CountMembers
    {
        public static readonly CountMembers Instance = new();
    }
}
