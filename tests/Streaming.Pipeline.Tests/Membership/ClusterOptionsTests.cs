using Streaming.Pipeline.Membership;
using Streaming.Pipeline.Shards;

namespace Streaming.Pipeline.Tests.Membership;

public sealed class ClusterOptionsTests
{
    [Fact]
    public void Defaults_are_valid()
    {
        Assert.Empty(new ClusterOptions().Validate());
        Assert.Empty(new ShardDriverOptions().Validate());
    }

    [Fact]
    public void Every_error_is_reported_at_once_by_name()
    {
        var errors = new ClusterOptions
        {
            SystemName = "a b", Hostname = "no host!", PublicHostname = "", Port = 70000, SeedNodes = ["x", "h:0"], Role = (NodeRole)9, Partitions = 0, MaxMovesPerRebalance = 0,
            MaxFrameBytes = 1, StableAfter = TimeSpan.Zero, DownRemovalMargin = TimeSpan.FromSeconds(-1), DownAllWhenUnstableFor = TimeSpan.Zero,
            AcceptableHeartbeatPause = TimeSpan.Zero, RebalanceInterval = TimeSpan.Zero, HandOffTimeout = TimeSpan.FromSeconds(5), KeepAliveInterval = TimeSpan.Zero,
            JoinTimeout = TimeSpan.Zero, QueryTimeout = TimeSpan.Zero,
        }.Validate().ToList();
        foreach (var property in typeof(ClusterOptions).GetProperties().Where(p => p.PropertyType != typeof(bool)))
            Assert.Contains(errors, e => e.StartsWith(property.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_driver_error_is_reported_by_name()
    {
        var errors = new ShardDriverOptions
        {
            ImmediateTakeOvers = -1, MaxWaitingQueries = 0, MaxAnswerBytes = 1, RetryBackOff = TimeSpan.Zero, RetryBackOffMax = TimeSpan.FromHours(2),
            FenceBackOff = TimeSpan.Zero, FenceBackOffMax = TimeSpan.FromDays(2), FatalRetry = TimeSpan.Zero,
        }.Validate().ToList();
        foreach (var property in typeof(ShardDriverOptions).GetProperties())
            Assert.Contains(errors, e => e.StartsWith(property.Name + " ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.0.0.0", null, 4053, NodeRole.Worker, "PublicHostname")]
    [InlineData("127.0.0.1", null, 0, NodeRole.Worker, "Port")]
    public void Seeds_need_an_address_that_others_can_reach(string host, string? publicHost, int port, NodeRole role, string name) =>
        Assert.StartsWith(name, Assert.Single(new ClusterOptions { Hostname = host, PublicHostname = publicHost, Port = port, Role = role, SeedNodes = ["a:1"] }.Validate()));

    [Fact]
    public void Witness_without_seeds_is_refused() =>
        Assert.StartsWith("SeedNodes", Assert.Single(new ClusterOptions { Role = NodeRole.Witness }.Validate()));

    [Fact]
    public void Settings_reach_the_framework()
    {
        var config = ClusterHocon.Build(new ClusterOptions
        {
            Hostname = "0.0.0.0", PublicHostname = "node-1.example", Port = 4053, SeedNodes = ["node-1.example:4053"], Role = NodeRole.Witness,
            StableAfter = TimeSpan.FromSeconds(7), DownRemovalMargin = TimeSpan.FromMilliseconds(1500), HandOffTimeout = TimeSpan.FromSeconds(40), MaxFrameBytes = 300_000,
            AcceptableHeartbeatPause = TimeSpan.FromSeconds(3),
        });
        Assert.Equal("node-1.example", config.GetString("akka.remote.dot-netty.tcp.public-hostname"));
        Assert.Equal(300_000, config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size"));
        Assert.Equal(["witness"], config.GetStringList("akka.cluster.roles"));
        Assert.Equal(TimeSpan.FromSeconds(7), config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after"));
        Assert.Equal(TimeSpan.FromSeconds(1.5), config.GetTimeSpan("akka.cluster.down-removal-margin"));
        Assert.Equal(TimeSpan.FromSeconds(3), config.GetTimeSpan("akka.cluster.failure-detector.acceptable-heartbeat-pause"));
        Assert.Equal(TimeSpan.FromMilliseconds(750), config.GetTimeSpan("akka.cluster.failure-detector.heartbeat-interval"));
        Assert.Equal(TimeSpan.FromMilliseconds(750), config.GetTimeSpan("akka.cluster.unreachable-nodes-reaper-interval"));
        Assert.Equal("ddata", config.GetString("akka.cluster.sharding.state-store-mode"));
        Assert.Equal("off", config.GetString("akka.cluster.sharding.passivate-idle-entity-after"));
        Assert.Equal("off", config.GetString("akka.cluster.sharding.remember-entities"));
        Assert.Equal(TimeSpan.FromSeconds(45), config.GetTimeSpan("akka.coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout"));
    }

    [Fact]
    public void No_removal_margin_does_not_reach_the_framework_as_not_set() =>
        Assert.Equal(TimeSpan.FromMilliseconds(1), ClusterHocon.Build(new ClusterOptions { DownRemovalMargin = TimeSpan.Zero }).GetTimeSpan("akka.cluster.down-removal-margin"));
}
