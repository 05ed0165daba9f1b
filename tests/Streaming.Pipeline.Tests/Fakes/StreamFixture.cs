using Akka.Actor;
using Akka.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Shard;
using Streaming.Pipeline.Shards;

namespace Streaming.Pipeline.Tests.Fakes;

/// <summary>An actor system for streams, and drivers under a clock that only tests move.</summary>
public sealed class StreamFixture : IAsyncLifetime
{
    internal ActorSystem System { get; } = ActorSystem.Create("streams", "akka.loglevel = OFF\nakka.stdout-loglevel = OFF");

    internal ActorMaterializer Materializer { get; private set; } = null!;

    internal ShardNode Node(IUserShardFactory factory, TimeProvider time, ShardDriverOptions? options = null, Func<bool>? isMemberAway = null)
    {
        options ??= new ShardDriverOptions();
        return new ShardNode(factory, Materializer, options, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(2), new ShardRegistry(),
            new FenceLedger(options, time, () => 0), isMemberAway ?? (() => false), time, () => 0, NullLogger.Instance);
    }

    public ValueTask InitializeAsync()
    {
        Materializer = ActorMaterializer.Create(System);
        return default;
    }

    public async ValueTask DisposeAsync() => await System.Terminate();
}
