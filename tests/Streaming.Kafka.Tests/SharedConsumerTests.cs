using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Kafka.Embedded;

namespace Streaming.Kafka.Tests;

/// <summary>A client that finds no broker is replaced by a fresh one that does, and closed with its last user.</summary>
public sealed class SharedConsumerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_that_finds_no_broker_gives_way_to_a_fresh_one_that_does()
    {
        using var kafka = new EmbeddedKafka(Nowhere(), NullLogger<EmbeddedKafka>.Instance);
        var opened = 0;
        var shared = new SharedConsumer("test", NullLogger.Instance, () => opened++ < 2 ? Open(Nowhere()) : Open(kafka.Options));
        var lost = shared.Take();
        Assert.False(shared.IsReplaced(lost));
        for (var waited = 0; !shared.IsReplaced(lost); waited++)
        {
            Assert.True(waited < 300, "not replaced within 30 s");
            await Task.Delay(100, Stop);
        }

        var fresh = shared.Take();
        Assert.True(fresh.Client.IsAnswered());
        Assert.True(opened >= 3, "a fresh client that finds no broker either takes nobody's place");
        shared.Return(lost);
        shared.Return(fresh);
        shared.Dispose();
    }

    private static ConsumerClient Open(KafkaOptions options) => new(options, "test", 1, NullLogger.Instance) { LostAfterMs = 200 };

    private static KafkaOptions Nowhere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new KafkaOptions { BootstrapServers = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", GroupId = "g", TransactionalIdPrefix = "x", Partitions = 1 };
    }
}
