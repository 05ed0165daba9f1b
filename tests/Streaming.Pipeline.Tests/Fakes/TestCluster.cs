using System.Net;
using System.Net.Sockets;
using Akka.Configuration;
using Streaming.Core.Shard;
using Streaming.Pipeline.Membership;
using Streaming.Pipeline.Shards;

namespace Streaming.Pipeline.Tests.Fakes;

/// <summary>Members of one cluster in one process, over loopback.</summary>
internal sealed class TestCluster(int partitions, ITestOutputHelper output) : IAsyncDisposable
{
    private readonly List<EngineNode> _nodes = [];
    private readonly string _seed = $"127.0.0.1:{FreePort()}";

    public TestLoggers Loggers { get; } = new(output);

    public async Task<(EngineNode Node, FakeShardFactory Factory)> StartAsync(NodeRole role, Action<FakeUserShard>? configure = null)
    {
        var factory = new FakeShardFactory(configure);
        var options = new ClusterOptions
        {
            SystemName = "test", Port = _nodes.Count == 0 ? int.Parse(_seed.Split(':')[1]) : FreePort(), SeedNodes = [_seed], Role = role, Partitions = partitions,
            KeepAliveInterval = TimeSpan.FromSeconds(1), RebalanceInterval = TimeSpan.FromSeconds(1), ExitProcessWhenDowned = false,
        };
        var node = new EngineNode(options, new ShardDriverOptions(), role == NodeRole.Worker ? factory : null, Loggers, Abrupt);
        _nodes.Add(node);
        await node.StartAsync(TestContext.Current.CancellationToken);
        return (node, factory);
    }

    /// <summary>Ends a node's actor system as a crash would: nothing is handed off, nobody is told.</summary>
    public static Task CrashAsync(EngineNode node) => node.System.Terminate();

    public static int[] Running(EngineNode node) => [.. node.Shards.Shards.Where(s => s.Phase == ShardPhases.Running).Select(s => s.Partition)];

    public async ValueTask DisposeAsync()
    {
        // The last first, so that the seed node is there for the others.
        foreach (var node in Enumerable.Reverse(_nodes).Where(n => !n.WhenTerminated.IsCompleted)) await CrashAsync(node);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Config Abrupt => ConfigurationFactory.ParseString("akka.coordinated-shutdown.run-by-actor-system-terminate = off");
}
