using System.Globalization;
using System.Text;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Streaming.Pipeline.Wire;

namespace Streaming.Pipeline.Membership;

/// <summary>Translates <see cref="ClusterOptions"/> into the framework's own settings. What is not named here keeps the framework's default.</summary>
internal static class ClusterHocon
{
    /// <summary>Config path of the role that hosts shards.</summary>
    public const string WorkerRole = "worker";

    private static readonly TimeSpan LeastMargin = TimeSpan.FromMilliseconds(1);

    /// <summary>The whole configuration of a node's actor system.</summary>
    public static Config Build(ClusterOptions options) => Own(options)
        // Extensions would bring these only when they are first used: after the join, so that the first messages of other members could not be read.
        .WithFallback(ClusterSharding.DefaultConfig())
        .WithFallback(ClusterSingleton.DefaultConfig())
        .WithFallback(DistributedData.DefaultConfig());

    private static Config Own(ClusterOptions options) => ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = INFO
          loggers = [{{TypeName<FrameworkLogger>()}}]
          stdout-loglevel = OFF
          stdout-logger-class = {{TypeName<SilentConsole>()}}
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor {
            provider = cluster
            # Members' heartbeats, and the connections they take, get threads of their own: steps of shards compute on the shared pool, and a late heartbeat is a lost member.
            internal-dispatcher { executor = fork-join-executor, fork-join-executor { parallelism-min = 2, parallelism-max = 4 } }
            serializers {
              streaming = {{TypeName<WireSerializer>()}}
              json = {{TypeName<RefusingSerializer>()}}
            }
            serialization-bindings { {{TypeName<IWireMessage>()}} = streaming }
            serialization-identifiers {
              {{TypeName<WireSerializer>()}} = {{WireSerializer.Id}}
              {{TypeName<RefusingSerializer>()}} = 1
            }
            serialization-settings.allow-unregistered-types = false
          }
          remote.default-remote-dispatcher { executor = fork-join-executor, fork-join-executor { parallelism-min = 2, parallelism-max = 4 } }
          remote.dot-netty.tcp {
            hostname = {{Quote(options.Hostname)}}
            public-hostname = {{Quote(options.PublicHostname ?? options.Hostname)}}
            port = {{options.Port}}
            maximum-frame-size = {{options.MaxFrameBytes}}b
            send-buffer-size = {{2 * options.MaxFrameBytes}}b
            receive-buffer-size = {{2 * options.MaxFrameBytes}}b
          }
          cluster {
            roles = [{{(options.Role == NodeRole.Worker ? WorkerRole : "witness")}}]
            shutdown-after-unsuccessful-join-seed-nodes = {{Ms(options.JoinTimeout)}}
            # The framework takes zero for "not set" and then waits for stable-after a second time.
            down-removal-margin = {{Ms(options.DownRemovalMargin > LeastMargin ? options.DownRemovalMargin : LeastMargin)}}
            failure-detector.heartbeat-interval = {{Ms(options.HeartbeatInterval)}}
            failure-detector.acceptable-heartbeat-pause = {{Ms(options.AcceptableHeartbeatPause)}}
            unreachable-nodes-reaper-interval = {{Ms(options.HeartbeatInterval)}}
            # A removal waits for news to spread and for the leader's next look; each is a second by the framework's default.
            gossip-interval = 250ms
            leader-actions-interval = 250ms
            split-brain-resolver {
              active-strategy = keep-majority
              stable-after = {{Ms(options.StableAfter)}}
              down-all-when-unstable = {{Ms(options.DownAllWhenUnstableFor)}}
            }
            run-coordinated-shutdown-when-down = on
            sharding {
              role = {{WorkerRole}}
              state-store-mode = ddata
              remember-entities = off
              passivate-idle-entity-after = off
              rebalance-interval = {{Ms(options.RebalanceInterval)}}
              # How soon a region finds the coordinator that a fail-over started elsewhere.
              retry-interval = 250ms
              handoff-timeout = {{Ms(options.HandOffTimeout)}}
              # Entities carry no data; what waits for a shard that moves is pings and queries.
              buffer-size = 10000
              # Nothing here outlives the process: no file of the framework's own.
              distributed-data.durable.keys = []
            }
          }
          coordinated-shutdown {
            # The host decides when to drain; a hook of the runtime would race with it.
            run-by-clr-shutdown-hook = off
            exit-clr = off
            # Every shard of the node may need the whole hand-off time for its last flush.
            phases.cluster-sharding-shutdown-region.timeout = {{Ms(options.HandOffTimeout + TimeSpan.FromSeconds(5))}}
          }
        }
        """);

    private static string TypeName<T>() => Quote($"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}");

    private static string Ms(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms";

    private static string Quote(string text) => new StringBuilder(text).Replace("\\", "\\\\").Replace("\"", "\\\"").Insert(0, '"').Append('"').ToString();
}
