using Akka.Actor;
using Streaming.Pipeline.Wire;

namespace Streaming.Pipeline.Membership;

/// <summary>Pings every shard at an interval, from every member, so that all run with no traffic and whichever member is left starts what stopped.</summary>
internal sealed class KeepAliveActor : ReceiveActor, IWithTimers
{
    private readonly TimeSpan _interval;

    public KeepAliveActor(IActorRef region, int partitions, TimeSpan interval)
    {
        _interval = interval;
        Receive<Tick>(_ =>
        {
            for (var partition = 0; partition < partitions; partition++) region.Tell(new Ping(partition), ActorRefs.NoSender);
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef region, int partitions, TimeSpan interval) =>
        Akka.Actor.Props.Create(() => new KeepAliveActor(region, partitions, interval));

    protected override void PreStart() => Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, _interval);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
