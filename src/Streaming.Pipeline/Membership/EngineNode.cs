using System.Globalization;
using Akka;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Streams;
using Microsoft.Extensions.Logging;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Pipeline.Placement;
using Streaming.Pipeline.Shards;
using Streaming.Pipeline.Wire;

namespace Streaming.Pipeline.Membership;

/// <summary>
/// One member of the cluster: starts the actor system, joins, hosts user shards (a worker) or only reaches them (a witness), keeps them alive, answers queries, and
/// drains. Without seed nodes it is a cluster of one. Start once; a node that ended is not started again.
/// </summary>
public sealed class EngineNode : IAsyncDisposable
{
    private const string RegionName = "user-shards";

    /// <summary>How long the host has to end the process by itself after a downed node ended.</summary>
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(10), KeepAliveStop = TimeSpan.FromSeconds(3);

    private readonly ClusterOptions _options;
    private readonly ShardDriverOptions _driver;
    private readonly IUserShardFactory? _factory;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly Config _overlay;
    private readonly TaskCompletionSource<NodeEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorSystem? _system;
    private ShardNode? _shards;
    private IActorRef? _region;

    /// <summary>Prepares a node.</summary>
    /// <param name="options">Its place in the cluster.</param>
    /// <param name="driver">How errors of shards are answered.</param>
    /// <param name="factory">Makes the shards; needed by a worker, unused by a witness.</param>
    /// <param name="loggers">Where the node and the framework log.</param>
    /// <exception cref="ArgumentException">Settings are wrong; the message holds every error.</exception>
    public EngineNode(ClusterOptions options, ShardDriverOptions driver, IUserShardFactory? factory, ILoggerFactory loggers)
        : this(options, driver, factory, loggers, Config.Empty) { }

    internal EngineNode(ClusterOptions options, ShardDriverOptions driver, IUserShardFactory? factory, ILoggerFactory loggers, Config overlay)
    {
        List<string> errors = [.. options.Validate(), .. driver.Validate()];
        if (options.Role == NodeRole.Worker && factory is null) errors.Add("a worker needs a shard factory");
        if (driver.MaxAnswerBytes > options.MaxFrameBytes - 4096)
            errors.Add($"{nameof(driver.MaxAnswerBytes)} must be at least 4096 below {nameof(options.MaxFrameBytes)}");
        if (errors.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        _options = options;
        _driver = driver;
        _factory = factory;
        _loggers = loggers;
        _logger = loggers.CreateLogger<EngineNode>();
        _overlay = overlay;
    }

    /// <summary>The shards of this node; none on a witness or before the start.</summary>
    public IShardRegistry Shards => _shards?.Registry ?? NoShards;

    /// <summary>Ends with the node, when its shards are closed.</summary>
    public Task<NodeEnd> WhenTerminated => _ended.Task;

    /// <summary>host:port under which the others know this node; empty before the start.</summary>
    public string Address => _system is null ? "" : Name(Cluster.Get(_system).SelfAddress);

    /// <summary>True while this node is an Up member.</summary>
    public bool IsUp => _system is not null && !_ended.Task.IsCompleted && Cluster.Get(_system).SelfMember.Status == MemberStatus.Up;

    /// <summary>The members as this node sees them, by address.</summary>
    public IReadOnlyList<ClusterMember> Members
    {
        get
        {
            if (_system is null) return [];
            var cluster = Cluster.Get(_system);
            var state = cluster.State;
            return [.. state.Members.Select(m => new ClusterMember(Name(m.Address), [.. m.Roles.Order(StringComparer.Ordinal)], m.Status.ToString(),
                !state.Unreachable.Contains(m), m.UniqueAddress == cluster.SelfUniqueAddress)).OrderBy(m => m.Address, StringComparer.Ordinal)];
        }
    }

    internal ActorSystem System => _system ?? throw new InvalidOperationException("The node was not started.");

    private static IShardRegistry NoShards { get; } = new ShardRegistry();

    /// <summary>
    /// 1 starts the actor system, 2 joins, 3 starts the region (a witness: the way to it), 4 the guard and the keep-alive. Returns when the node is an Up member; shards
    /// follow by themselves.
    /// </summary>
    /// <exception cref="InvalidOperationException">The node was started before.</exception>
    /// <exception cref="ClusterJoinException">It could not join.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        if (_system is not null) throw new InvalidOperationException("A node is started once.");
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(_overlay.WithFallback(ClusterHocon.Build(_options))),
            new FrameworkLoggerSetup(_loggers));
        _system = ActorSystem.Create(_options.SystemName, setup); // 1
        _ = WatchEndAsync(_system);
        PipelineLog.NodeJoins(_logger, Address, _options.Role.ToString(), _options.Partitions);
        await JoinAsync(_system, cancellation).ConfigureAwait(false); // 2
        _region = await StartRegionAsync(_system).ConfigureAwait(false); // 3
        _system.ActorOf(NodeGuardActor.Props(_region, _logger), "node-guard"); // 4
        var keepAlive = _system.ActorOf(KeepAliveActor.Props(_region, _options.Partitions, _options.KeepAliveInterval, Cluster.Get(_system)), "keep-alive");
        // A ping for a shard that was handed off waits in the region, and a region with waiting messages does not end before its hand-off time-out.
        CoordinatedShutdown.Get(_system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "keep-alive", async () =>
        {
            keepAlive.Tell(KeepAliveActor.Drain.Instance);
            await keepAlive.GracefulStop(KeepAliveStop).ConfigureAwait(false);
            return Done.Instance;
        });
    }

    /// <summary>Hands the shards off, leaves the cluster, ends. May be called at any time and more than once.</summary>
    public async Task DrainAsync(CancellationToken cancellation = default)
    {
        if (_system is null)
        {
            _ended.TrySetResult(NodeEnd.Drained);
            return;
        }

        await CoordinatedShutdown.Get(_system).Run(new ShutdownReasons.DrainReason()).WaitAsync(cancellation).ConfigureAwait(false);
        await WhenTerminated.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks the shard that owns a user, wherever it runs, for the user's profile at or below its committed offset.</summary>
    public Task<UserAnswer> GetUserAsync(UserKey user, CancellationToken cancellation = default)
    {
        var partition = Murmur2.Partition(user.Id, _options.Partitions);
        return AskAsync(partition, new GetUser(partition, user.Bytes), cancellation);
    }

    /// <summary>Asks the shard that owns a user, wherever it runs, what it would recommend now. For an unknown user too there is a list.</summary>
    /// <param name="user">User.</param>
    /// <param name="length">Most items; 0: as many as in the topic.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<UserAnswer> RecommendAsync(UserKey user, int length, CancellationToken cancellation = default)
    {
        var partition = Murmur2.Partition(user.Id, _options.Partitions);
        return AskAsync(partition, new GetList(partition, length, user.Bytes), cancellation);
    }

    private async Task<UserAnswer> AskAsync(int partition, IShardMessage question, CancellationToken cancellation)
    {
        if (_region is null) return new UserAnswer(UserResult.Unavailable, partition, default);
        try
        {
            var reply = await _region.Ask<UserReply>(question, _options.QueryTimeout, cancellation).ConfigureAwait(false);
            return new UserAnswer(reply.Result, partition, reply.Json);
        }
        catch (AskTimeoutException)
        {
            return new UserAnswer(UserResult.TimedOut, partition, default);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DrainAsync().ConfigureAwait(false);

    private static string Name(Address address) => string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");

    private async Task JoinAsync(ActorSystem system, CancellationToken cancellation)
    {
        var cluster = Cluster.Get(system);
        var seeds = _options.SeedNodes.Select(seed =>
            ClusterOptions.TryParseSeed(seed, out var host, out var port) ? new Address("akka.tcp", system.Name, host, port) : throw new InvalidOperationException(seed));
        var joining = _options.SeedNodes.Count == 0 ? cluster.JoinAsync(cluster.SelfAddress, cancellation) : cluster.JoinSeedNodesAsync(seeds, cancellation);
        await Task.WhenAny(joining, _ended.Task).ConfigureAwait(false);
        if (_ended.Task.IsCompleted) throw new ClusterJoinException($"The node could not join the cluster: {await _ended.Task.ConfigureAwait(false)}.");
        try
        {
            await joining.ConfigureAwait(false);
        }
        catch (ClusterJoinFailedException e)
        {
            throw new ClusterJoinException($"The node could not join the cluster: {e.Message}", e);
        }
    }

    private async Task<IActorRef> StartRegionAsync(ActorSystem system)
    {
        var sharding = ClusterSharding.Get(system);
        var extractor = new ShardMessageExtractor(_options.Partitions);
        if (_options.Role == NodeRole.Witness)
            return await sharding.StartProxyAsync(RegionName, ClusterHocon.WorkerRole, extractor).ConfigureAwait(false);
        var shards = ShardNode.Create(_factory!, ActorMaterializer.Create(system), _driver, _options.ShardHandOffDeadline, _options.QueryTimeout,
            () => !Cluster.Get(system).State.Unreachable.IsEmpty, _loggers.CreateLogger<ShardDriver>());
        _shards = shards;
        ShardGauges.Add(shards.Registry);
        var strategy = new RendezvousAllocationStrategy(new ClusterPlacementView(Cluster.Get(system)), _options.Partitions, _options.MaxMovesPerRebalance,
            _loggers.CreateLogger<RendezvousAllocationStrategy>());
        return await sharding.StartAsync(RegionName, id => ShardActor.Props(int.Parse(id, CultureInfo.InvariantCulture), shards),
            ClusterShardingSettings.Create(system), extractor, strategy, HandOff.Instance).ConfigureAwait(false);
    }

    private async Task WatchEndAsync(ActorSystem system)
    {
        var address = Address;
        await system.WhenTerminated.ConfigureAwait(false);
        if (_shards is { } shards)
        {
            ShardGauges.Remove(shards.Registry);
            var limit = _options.ShardHandOffDeadline;
            var quiet = shards.Registry.QuietAsync();
            if (await Task.WhenAny(quiet, Task.Delay(limit)).ConfigureAwait(false) != quiet) PipelineLog.ShardsStillClosing(_logger, limit.TotalSeconds);
        }

        var end = ShutdownReasons.EndOf(CoordinatedShutdown.Get(system).ShutdownReason);
        PipelineLog.NodeEnded(_logger, address, end.ToString());
        _ended.TrySetResult(end);
        if (!_options.ExitProcessWhenDowned || end is not (NodeEnd.Downed or NodeEnd.RegionLost)) return;
        await Task.Delay(ExitGrace).ConfigureAwait(false);
        Environment.Exit(1);
    }
}
