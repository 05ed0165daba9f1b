using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Streaming.Pipeline.Membership;
using Streaming.Pipeline.Tests.Fakes;
using Streaming.Pipeline.Wire;

namespace Streaming.Pipeline.Tests.Membership;

public sealed class KeepAliveActorTests
{
    [Fact]
    public async Task Keep_alive_pings_every_partition_at_each_interval()
    {
        var system = OnTestTime();
        var time = (TestScheduler)system.Scheduler;
        var pings = new ConcurrentQueue<int>();
        var region = system.ActorOf(Props.Create(() => new Region(pings)));
        system.ActorOf(KeepAliveActor.Props(region, 5, TimeSpan.FromSeconds(5), cluster: null));
        await Eventually.HoldsAsync(() => pings.Count >= 5, "the first pings come at once", meanwhile: () => time.Advance(TimeSpan.FromMilliseconds(1)));
        Assert.Equal([0, 1, 2, 3, 4], pings);
        for (var round = 2; round <= 4; round++)
        {
            time.Advance(TimeSpan.FromSeconds(4));
            await Eventually.SettleAsync();
            Assert.Equal(5 * (round - 1), pings.Count);
            time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.HoldsAsync(() => pings.Count == 5 * round, $"round {round}");
        }

        await system.Terminate();
    }

    [Fact]
    public async Task Keep_alive_pings_quickly_for_a_while_after_shards_began_to_move()
    {
        var system = OnTestTime();
        var time = (TestScheduler)system.Scheduler;
        var pings = new ConcurrentQueue<int>();
        var region = system.ActorOf(Props.Create(() => new Region(pings)));
        var keepAlive = system.ActorOf(KeepAliveActor.Props(region, 1, TimeSpan.FromHours(1), cluster: null));
        await Eventually.HoldsAsync(() => !pings.IsEmpty, "the first ping comes at once", meanwhile: () => time.Advance(TimeSpan.FromMilliseconds(1)));
        keepAlive.Tell(ShardsMove.Instance);
        await Eventually.HoldsAsync(() => pings.Count >= 30, "quick rounds", meanwhile: () => time.Advance(TimeSpan.FromMilliseconds(200)));

        // Ten seconds of them; then only the hour's ping is left.
        var quietRounds = 0;
        for (var second = 0; second < 200 && quietRounds < 5; second++)
        {
            var before = pings.Count;
            time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.SettleAsync();
            quietRounds = pings.Count == before ? quietRounds + 1 : 0;
        }

        Assert.Equal(5, quietRounds);
        await system.Terminate();
    }

    private static ActorSystem OnTestTime() => ActorSystem.Create("keep-alive", """
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        """);

    private sealed class Region : ReceiveActor
    {
        public Region(ConcurrentQueue<int> pings) => Receive<Ping>(ping => pings.Enqueue(ping.Partition));
    }
}
