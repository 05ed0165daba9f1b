using System.Diagnostics;
using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Pipeline.Membership;
using Streaming.Pipeline.Shards;
using Streaming.Pipeline.Tests.Fakes;

namespace Streaming.Pipeline.Tests.Membership;

public sealed class EngineNodeTests(ITestOutputHelper output)
{
    private const int Partitions = 12;

    [Fact]
    public async Task Node_alone_starts_all_shards_with_no_traffic_and_drains_them()
    {
        var factory = new FakeShardFactory();
        var loggers = new TestLoggers(output);
        await using var node = new EngineNode(new ClusterOptions { Partitions = Partitions, ExitProcessWhenDowned = false }, new ShardDriverOptions(), factory, loggers);
        var clock = Stopwatch.StartNew();
        await node.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(node.IsUp);
        output.WriteLine($"joined itself after {clock.Elapsed.TotalSeconds:F2} s");
        await Eventually.HoldsAsync(() => TestCluster.Running(node).Length == Partitions, "all run");
        output.WriteLine($"all shards run after {clock.Elapsed.TotalSeconds:F2} s");
        Assert.True(Assert.Single(node.Members).IsSelf);
        await node.DrainAsync(TestContext.Current.CancellationToken);
        Assert.Equal(NodeEnd.Drained, await node.WhenTerminated);
        await AssertHandedOffAsync(factory, Partitions);
        Assert.DoesNotContain(loggers.Lines, line => line.Contains("erializ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Node_that_drains_while_shards_are_pinged_does_not_wait_for_the_pings()
    {
        var loggers = new TestLoggers(output);
        await using var node = new EngineNode(new ClusterOptions { Partitions = Partitions, KeepAliveInterval = TimeSpan.FromMilliseconds(100), ExitProcessWhenDowned = false }, new ShardDriverOptions(), new FakeShardFactory(), loggers);
        await node.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => TestCluster.Running(node).Length == Partitions, "all run");
        await node.DrainAsync(TestContext.Current.CancellationToken);
        // A ping for a shard that was handed off would wait in the region, and the region for it until its time-out.
        Assert.DoesNotContain(loggers.Lines, line => line.Contains("Graceful shutdown of shard region timed out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Worker_that_joins_draws_half_and_leaving_gives_all_back()
    {
        await using var cluster = new TestCluster(Partitions, output);
        var (first, firstFactory) = await cluster.StartAsync(NodeRole.Worker);
        await Eventually.HoldsAsync(() => TestCluster.Running(first).Length == Partitions, "the first has all");
        var (second, secondFactory) = await cluster.StartAsync(NodeRole.Worker);
        var (witness, _) = await cluster.StartAsync(NodeRole.Witness);
        await Eventually.HoldsAsync(() => TestCluster.Running(first).Length == Partitions / 2 && TestCluster.Running(second).Length == Partitions / 2, "half each");
        Assert.Equal(Enumerable.Range(0, Partitions), TestCluster.Running(first).Concat(TestCluster.Running(second)).Order());
        Assert.Empty(witness.Shards.Shards);
        await AssertHandedOffAsync(firstFactory, Partitions / 2);

        var clock = Stopwatch.StartNew();
        await second.DrainAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => TestCluster.Running(first).Length == Partitions, "the first has all again");
        output.WriteLine($"graceful leave of half the shards: {clock.Elapsed.TotalSeconds:F2} s");
        await AssertHandedOffAsync(secondFactory, Partitions / 2);

        // The coordinator's own node leaves too: a witness is all that is left.
        await first.DrainAsync(TestContext.Current.CancellationToken);
        Assert.Equal(NodeEnd.Drained, await first.WhenTerminated);
        Assert.All(firstFactory.All.Concat(secondFactory.All), shard => Assert.Empty(shard.Violations));
        Assert.DoesNotContain(cluster.Loggers.Lines, line => line.Contains("erializ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Worker_that_crashes_is_replaced(bool crashOldest)
    {
        await using var cluster = new TestCluster(Partitions, output);
        var (first, firstFactory) = await cluster.StartAsync(NodeRole.Worker);
        var (second, secondFactory) = await cluster.StartAsync(NodeRole.Worker);
        var (witness, _) = await cluster.StartAsync(NodeRole.Witness);
        await Eventually.HoldsAsync(() => TestCluster.Running(first).Length == Partitions / 2 && TestCluster.Running(second).Length == Partitions / 2, "half each");
        var (dead, alive) = crashOldest ? (first, second) : (second, first);

        var clock = Stopwatch.StartNew();
        await TestCluster.CrashAsync(dead);
        await Eventually.HoldsAsync(() => TestCluster.Running(alive).Length == Partitions, "the other has all", 120);
        output.WriteLine($"crash of the {(crashOldest ? "oldest" : "younger")} worker, all shards again after {clock.Elapsed.TotalSeconds:F1} s");
        // Shards move as soon as the removal is known where the coordinator is: the gossip reaches the others later.
        await Eventually.HoldsAsync(() => alive.Members.Count == 2 && witness.Members.Count == 2, "the dead one is removed everywhere");
        await dead.WhenTerminated;
        await Eventually.HoldsAsync(() => (crashOldest ? firstFactory : secondFactory).All.All(shard => shard.IsDisposed), "the dead one's shards are disposed");
        Assert.All(firstFactory.All.Concat(secondFactory.All), shard => Assert.Empty(shard.Violations));
    }

    [Fact]
    public async Task User_is_found_from_any_member()
    {
        await using var cluster = new TestCluster(Partitions, output);
        void Configure(FakeUserShard shard) => shard.User = key => key.ToString().StartsWith("u:known", StringComparison.Ordinal) ? ViewOf(key.ToString(), shard.Partition) : null;
        var (first, _) = await cluster.StartAsync(NodeRole.Worker, Configure);
        var (second, _) = await cluster.StartAsync(NodeRole.Worker, Configure);
        var (witness, _) = await cluster.StartAsync(NodeRole.Witness);
        await Eventually.HoldsAsync(() => TestCluster.Running(first).Length == Partitions / 2 && TestCluster.Running(second).Length == Partitions / 2, "half each");
        foreach (var node in new[] { first, second, witness })
        {
            for (var user = 0; user < 20; user++)
            {
                var key = UserKey.User($"known-{user}");
                UserAnswer answer = null!;
                // A shard that has just moved is unavailable for a moment.
                for (var end = Environment.TickCount64 + 30_000; answer is not { Result: UserResult.Found } && Environment.TickCount64 < end; await Task.Delay(5, TestContext.Current.CancellationToken)) answer = await node.GetUserAsync(key, TestContext.Current.CancellationToken);
                Assert.Equal(UserResult.Found, answer!.Result);
                Assert.Equal(Murmur2.Partition(key.Id, Partitions), answer.Partition);
                Assert.Equal(key.ToString(), answer.ReadView()!.Key);
                Assert.Equal(answer.Partition, answer.ReadView()!.EventCount);
                var list = await node.RecommendAsync(key, 7, TestContext.Current.CancellationToken);
                Assert.Equal((UserResult.Found, $"{{\"user\":\"{key}\",\"length\":7}}"), (list.Result, System.Text.Encoding.UTF8.GetString(list.Json.Span)));
            }

            Assert.Equal(UserResult.Unknown, (await node.GetUserAsync(UserKey.Guest("nobody"), TestContext.Current.CancellationToken)).Result);
            var anybodys = await node.RecommendAsync(UserKey.Guest("nobody"), 0, TestContext.Current.CancellationToken);
            Assert.Equal(UserResult.Unknown, anybodys.Result);
            Assert.False(anybodys.Json.IsEmpty);
        }

        Assert.DoesNotContain(cluster.Loggers.Lines, line => line.Contains("erializ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_larger_than_a_message_is_refused_not_lost()
    {
        await using var node = new EngineNode(new ClusterOptions { Partitions = 1, ExitProcessWhenDowned = false }, new ShardDriverOptions { MaxAnswerBytes = 1024 },
            new FakeShardFactory(shard => shard.User = key => ViewOf(key + new string('x', 2000), 0)), NullLoggerFactory.Instance);
        await node.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => TestCluster.Running(node).Length == 1, "runs");
        Assert.Equal(UserResult.TooLarge, (await node.GetUserAsync(UserKey.User("a"), TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task Shard_that_takes_over_answers_unavailable()
    {
        var hold = new TaskCompletionSource();
        await using var node = new EngineNode(new ClusterOptions { Partitions = 1, ExitProcessWhenDowned = false }, new ShardDriverOptions(),
            new FakeShardFactory(shard => shard.Inside = (step, _, c) => step == "take-over" ? hold.Task : Task.Delay(1, c)), NullLoggerFactory.Instance);
        await node.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => node.Shards.Find(0) is { Phase: "new" or ShardPhases.TakingOver, Status: not null }, "takes over");
        Assert.Equal(UserResult.Unavailable, (await node.GetUserAsync(UserKey.User("a"), TestContext.Current.CancellationToken)).Result);
        hold.SetResult();
    }

    [Fact]
    public async Task Query_that_a_take_over_dropped_is_answered_unavailable_and_a_mistake_failed()
    {
        await using var node = new EngineNode(new ClusterOptions { Partitions = 1, ExitProcessWhenDowned = false }, new ShardDriverOptions(),
            new FakeShardFactory(shard => shard.User = key => key.IsGuest ? throw new BrokerUnavailableException("taking over") : throw new InvalidOperationException("a mistake")),
            NullLoggerFactory.Instance);
        await node.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => TestCluster.Running(node).Length == 1, "runs");
        Assert.Equal(UserResult.Unavailable, (await node.GetUserAsync(UserKey.Guest("a"), TestContext.Current.CancellationToken)).Result);
        Assert.Equal(UserResult.Failed, (await node.GetUserAsync(UserKey.User("a"), TestContext.Current.CancellationToken)).Result);
    }

    [Fact]
    public async Task Entity_that_crashes_disposes_its_shard_and_a_ping_starts_a_new_one()
    {
        var factory = new FakeShardFactory();
        await using var node = new EngineNode(new ClusterOptions { Partitions = 1, KeepAliveInterval = TimeSpan.FromMilliseconds(200), ExitProcessWhenDowned = false },
            new ShardDriverOptions(), factory, NullLoggerFactory.Instance);
        await node.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => TestCluster.Running(node).Length == 1, "runs");
        var entity = node.System.ActorSelection("/system/sharding/user-shards/0/0");
        entity.Tell(Kill.Instance);
        await Eventually.HoldsAsync(() => factory.All.Count == 2 && factory.All.First().IsDisposed && TestCluster.Running(node).Length == 1, "a new shard runs");
        Assert.All(factory.All, shard => Assert.Empty(shard.Violations));
    }

    [Fact]
    public async Task Node_whose_region_stops_by_itself_ends_for_a_restart()
    {
        var node = new EngineNode(new ClusterOptions { Partitions = 1, ExitProcessWhenDowned = false }, new ShardDriverOptions(), new FakeShardFactory(), NullLoggerFactory.Instance);
        await node.StartAsync(TestContext.Current.CancellationToken);
        node.System.ActorSelection("/system/sharding/user-shards").Tell(PoisonPill.Instance);
        Assert.Equal(NodeEnd.RegionLost, await node.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Node_that_is_downed_ends_for_a_restart()
    {
        await using var cluster = new TestCluster(2, output);
        var (first, _) = await cluster.StartAsync(NodeRole.Worker);
        var (second, factory) = await cluster.StartAsync(NodeRole.Worker);
        await Eventually.HoldsAsync(() => TestCluster.Running(second).Length == 1, "runs");
        Akka.Cluster.Cluster.Get(first.System).Down(Akka.Cluster.Cluster.Get(second.System).SelfAddress);
        Assert.Equal(NodeEnd.Downed, await second.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken));
        await Eventually.HoldsAsync(() => factory.All.All(shard => shard.IsDisposed), "its shards are disposed");
        await Eventually.HoldsAsync(() => TestCluster.Running(first).Length == 2, "the other has all");
    }

    [Fact]
    public void Settings_that_are_wrong_are_all_refused_by_the_constructor()
    {
        var error = Assert.Throws<ArgumentException>(() => new EngineNode(new ClusterOptions { Partitions = 0, Port = -1 }, new ShardDriverOptions(), null, NullLoggerFactory.Instance));
        foreach (var part in new[] { "Partitions", "Port", "factory" }) Assert.Contains(part, error.Message);
    }

    private static async Task AssertHandedOffAsync(FakeShardFactory factory, int atLeast)
    {
        // That a shard runs elsewhere does not say that its old owner has come to the end of its entity.
        await Eventually.HoldsAsync(() => factory.All.Count(shard => shard.IsDisposed) >= atLeast, $"{atLeast} are handed off");
        var done = factory.All.Where(shard => shard.IsDisposed).ToList();
        Assert.All(done, shard =>
        {
            Assert.Empty(shard.Violations);
            var log = shard.Log.ToList();
            Assert.Equal(["hand-off", "hand-off done", "disposed"], log[^3..]);
        });
    }

    private static UserView ViewOf(string key, int partition) => new()
    {
        Key = key, EventCount = partition, Counts = new Dictionary<string, uint>(), FirstEventMs = 0, LastEventMs = 0, VectorNorms = [], Interests = [], Latest = [],
        SessionEvents = 0, Occasions = 0, Amount = 0, MeanGapDays = null, ChurnRisk = null, Consent = "", LinkedTo = null, Guests = [], AppliedEvents = 0, Degraded = false,
    };
}
