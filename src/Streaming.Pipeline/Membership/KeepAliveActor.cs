using Akka.Actor;
using Akka.Cluster;
using Streaming.Pipeline.Wire;

namespace Streaming.Pipeline.Membership;

/// <summary>
/// Pings every shard at an interval, from every member, so that all run with no traffic and whichever member is left starts what stopped. A shard without an owner starts
/// when somebody asks for it: for a while after members came or went, or one said that it drains, the pings are quick, so that it does not wait for the next round.
/// </summary>
internal sealed class KeepAliveActor : ReceiveActor, IWithTimers
{
    private const int QuickMsLeast = 200, PartitionsAQuickMs = 4;

    /// <summary>How long shards may be on the move after members came or went.</summary>
    private static readonly TimeSpan QuickFor = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _interval, _quickInterval;
    private readonly Cluster? _cluster;
    private int _quickRounds;

    public KeepAliveActor(IActorRef region, int partitions, TimeSpan interval, Cluster? cluster)
    {
        (_interval, _cluster) = (interval, cluster);
        // Many partitions are pinged less often: quick is a matter of waiting, not of load.
        _quickInterval = TimeSpan.FromMilliseconds(Math.Max(QuickMsLeast, partitions / PartitionsAQuickMs));
        Receive<Tick>(_ => PingAll(region, partitions));
        Receive<ClusterEvent.IMemberEvent>(_ => BeQuick());
        Receive<ShardsMove>(_ => BeQuick());
        Receive<Drain>(_ => TellOthers());
        Receive<QuickTick>(_ =>
        {
            PingAll(region, partitions);
            if (--_quickRounds <= 0) Timers.Cancel(QuickTick.Instance);
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Props.</summary>
    /// <param name="region">The way to the shards.</param>
    /// <param name="partitions">How many.</param>
    /// <param name="interval">Time between two rounds while nothing changes.</param>
    /// <param name="cluster">Whose members count; null: nobody is told of changes but by <see cref="ShardsMove"/>.</param>
    public static Props Props(IActorRef region, int partitions, TimeSpan interval, Cluster? cluster) =>
        Akka.Actor.Props.Create(() => new KeepAliveActor(region, partitions, interval, cluster));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, _interval);
        _cluster?.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
    }

    protected override void PostStop() => _cluster?.Unsubscribe(Self);

    private static void PingAll(IActorRef region, int partitions)
    {
        for (var partition = 0; partition < partitions; partition++) region.Tell(new Ping(partition), ActorRefs.NoSender);
    }

    private void BeQuick()
    {
        _quickRounds = (int)(QuickFor / _quickInterval);
        if (!Timers.IsTimerActive(QuickTick.Instance)) Timers.StartPeriodicTimer(QuickTick.Instance, QuickTick.Instance, TimeSpan.Zero, _quickInterval);
    }

    private void TellOthers()
    {
        if (_cluster is null) return;
        foreach (var member in _cluster.State.Members.Where(m => m.UniqueAddress != _cluster.SelfUniqueAddress))
            Context.ActorSelection(new RootActorPath(member.Address) / Self.Path.Elements).Tell(ShardsMove.Instance, ActorRefs.NoSender);
    }

    /// <summary>This member drains: the others shall ping quickly, and this one no more.</summary>
    internal sealed class Drain
    {
        /// <summary>The only one.</summary>
        public static readonly Drain Instance = new();
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class QuickTick
    {
        public static readonly QuickTick Instance = new();
    }
}
