using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using Microsoft.Extensions.Logging;

namespace Streaming.Pipeline.Membership;

/// <summary>
/// Ends the node where it could only linger: its region stopped by itself (a coordinator's hand-over can do that), or another member quarantined it, as
/// happens to a process that was frozen for a while. The supervisor of the process then starts it afresh.
/// </summary>
internal sealed class NodeGuardActor : ReceiveActor
{
    private readonly IActorRef _region;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly CoordinatedShutdown _shutdown = CoordinatedShutdown.Get(Context.System);

    public NodeGuardActor(IActorRef region, ILogger logger)
    {
        _region = region;
        Receive<Terminated>(_ =>
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
        Receive<ClusterEvent.IMemberEvent>(_ =>
        {
            if (_cluster.State.Members.Count(m => m.Status == MemberStatus.Up) == 2) PipelineLog.TwoMembers(logger);
        });
    }

    public static Props Props(IActorRef region, ILogger logger) => Akka.Actor.Props.Create(() => new NodeGuardActor(region, logger));

    protected override void PreStart()
    {
        Context.Watch(_region);
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _cluster.Unsubscribe(Self);
    }
}
