using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Shard;

namespace Streaming.Kafka.Tests;

/// <summary>
/// A broker that has just started may tell of topics and of no broker at all. A client that hears it forgets every broker, and sometimes asks nobody any more (librdkafka issue 5301): it finds its way back without a word
/// from anybody.
/// </summary>
public sealed class ForgottenBrokersTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Consumer_that_forgot_its_brokers_finds_them_again()
    {
        await using var broker = new StartingBroker();
        using var client = Open(broker);
        using var signal = new SemaphoreSlim(0);
        using var reader = await ReadAsync(client, signal);

        await ForgetAsync(broker);

        // The reader is empty and asked for more: that alone must do.
        for (var waited = 0; ; waited++)
        {
            Read(reader);
            if (client.IsAnswered() && reader.Unanswered == 0 && BoundsOrNull(client) is not null) break;
            Assert.True(waited < 120, "no broker found again");
            await Task.Delay(250, Stop);
        }
    }

    [Fact]
    public async Task Client_that_is_not_answered_for_its_reader_gives_way_to_one_that_is_and_its_readers_say_so()
    {
        await using var mute = new StartingBroker();
        await using var other = new StartingBroker();
        var opened = 0;
        using var shared = new SharedConsumer("test", NullLogger.Instance, () => Open(opened++ < 2 ? mute : other));
        var lost = shared.Take();
        lost.Client.StalledAfterMs = 100;
        using var signal = new SemaphoreSlim(0);
        using (var reader = await ReadAsync(lost.Client, signal))
        {
            mute.Mood = BrokerMood.IsMute;
            var wasSilent = 0;
            for (var waited = 0; !shared.IsReplaced(lost); waited++)
            {
                Read(reader);
                lost.Client.ThrowIfMisrouted();
                wasSilent = Math.Max(wasSilent, reader.Unanswered);
                Assert.True(waited < 480, "not replaced within two minutes");
                await Task.Delay(250, Stop);
            }

            Assert.True(wasSilent >= 2, "replaced at the first question without an answer");
            Assert.True(opened >= 3, "a fresh client that is not answered the same question either takes nobody's place");
            for (var waited = 0; ; waited++)
            {
                if (Record.Exception(lost.Client.ThrowIfMisrouted) is { } error)
                {
                    Assert.IsType<BrokerUnavailableException>(error);
                    break;
                }

                Assert.True(waited < 40, "the readers of the client that was replaced wait on");
                await Task.Delay(250, Stop);
            }
        }

        shared.Return(lost);
        var fresh = shared.Take();
        Assert.NotNull(BoundsOrNull(fresh.Client));
        shared.Return(fresh);
    }

    [Fact]
    public async Task Client_that_is_answered_when_asked_once_more_keeps_its_place()
    {
        await using var broker = new StartingBroker();
        var opened = 0;
        using var shared = new SharedConsumer("test", NullLogger.Instance, () =>
        {
            // The leader is back between the last question in vain and the one that the fresh client asks: both are answered.
            if (Interlocked.Increment(ref opened) == 2) broker.Mood = BrokerMood.Serves;
            return Open(broker);
        });
        var held = shared.Take();
        held.Client.StalledAfterMs = 100;
        using var signal = new SemaphoreSlim(0);
        using (var reader = await ReadAsync(held.Client, signal))
        {
            broker.Mood = BrokerMood.IsMute; // a leader that is away
            for (var waited = 0; Volatile.Read(ref opened) < 2 || reader.Unanswered > 0; waited++)
            {
                Read(reader);
                held.Client.ThrowIfMisrouted();
                Assert.True(waited < 480, "no fresh client was tried within two minutes, or the old one never asked again");
                await Task.Delay(250, Stop);
            }

            Assert.False(shared.IsReplaced(held), "a client that is answered gave way");
        }

        shared.Return(held);
    }

    [Fact]
    public async Task Writer_that_forgot_its_brokers_delivers_what_it_holds()
    {
        await using var broker = new StartingBroker();
        await using var writer = new KafkaEventWriter(Options(broker), NullLogger<KafkaEventWriter>.Instance);
        writer.Write("t", 0, "k"u8, "before"u8, isTombstone: false);
        await writer.FlushAsync(Stop);
        Assert.Equal(1, broker.Written);

        await ForgetAsync(broker, () => writer.Write("t", 0, "k"u8, "meanwhile"u8, isTombstone: false));

        await writer.FlushAsync(Stop);
        Assert.True(broker.Written >= 2);
    }

    /// <summary>The race that the decision 0029 tells of is one in some hundreds of restarts: this is the loop that meets it. It takes some minutes, so it is run only where it is asked for.</summary>
    [Fact(Explicit = true)]
    public async Task Eight_writers_outlive_sixty_restarts_of_a_broker_that_knows_nobody_at_first()
    {
        const int seed = 29, restarts = 60;
        var random = new Random(seed);
        await using var broker = new StartingBroker();
        var writers = Enumerable.Range(0, 8).Select(_ => new KafkaEventWriter(Options(broker), NullLogger<KafkaEventWriter>.Instance)).ToList();
        try
        {
            var slowest = TimeSpan.Zero;
            for (var i = 0; i < restarts; i++)
            {
                await Task.WhenAll(writers.Select(w => WriteAsync(w, i, "before")));
                await broker.RestartAsync(TimeSpan.FromSeconds(2 * random.NextDouble()), BrokerMood.Starts);
                foreach (var writer in writers) writer.Write("t", 0, "k"u8, "meanwhile"u8, isTombstone: false);
                await Task.Delay(TimeSpan.FromSeconds(1.5 * random.NextDouble()), Stop);
                var back = TimeProvider.System.GetTimestamp();
                broker.Mood = BrokerMood.Serves;
                await Task.WhenAll(writers.Select(w => WriteAsync(w, i, "after")));
                var took = TimeProvider.System.GetElapsedTime(back);
                if (took > slowest) slowest = took;
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {restarts} restarts, the slowest writer delivered {slowest.TotalSeconds:0.0} s after the broker was itself");
        }
        finally
        {
            foreach (var writer in writers) await writer.DisposeAsync();
        }
    }

    // A writer that no broker is left for waits until its records are ten minutes old.
    private static async Task WriteAsync(KafkaEventWriter writer, int restart, string when)
    {
        writer.Write("t", 0, "k"u8, "v"u8, isTombstone: false);
        var flush = writer.FlushAsync(Stop).AsTask();
        Assert.True(await Task.WhenAny(flush, Task.Delay(TimeSpan.FromMinutes(2), Stop)) == flush, $"restart {restart}, {when} it: a writer delivered nothing for two minutes");
        await flush;
    }

    private static ConsumerClient Open(StartingBroker broker) => new(Options(broker), "test", 1, NullLogger.Instance) { LostAfterMs = 200, StalledAfterMs = 100 };

    // The client asks for the cluster all the time, so that it hears of a start as soon as there is one. Records are waited for longer than any of this takes.
    private static KafkaOptions Options(StartingBroker broker) => new()
    {
        BootstrapServers = broker.BootstrapServers, GroupId = "g", TransactionalIdPrefix = "x", Partitions = 1, MessageTimeoutMs = 600_000, TransactionTimeoutMs = 600_000, RequestTimeoutMs = 5_000,
        ClientProperties = new Dictionary<string, string> { ["topic.metadata.refresh.interval.ms"] = "250" },
    };

    private static async Task<PartitionReader> ReadAsync(ConsumerClient client, SemaphoreSlim signal)
    {
        var reader = new PartitionReader(client, "t", 0, appendTimeKnown: true, signal);
        reader.Seek(0);
        for (var waited = 0; !Read(reader).AtEnd; waited++)
        {
            Assert.True(waited < 100, "the end of an empty partition was not reached");
            await Task.Delay(100, Stop);
        }

        return reader;
    }

    private static RecordBatch Read(PartitionReader reader)
    {
        var batch = new RecordBatch();
        batch.Reset(reader.Position);
        try
        {
            _ = reader.TryRead(batch, 10);
        }
        catch (BrokerUnavailableException)
        {
            // the broker starts: it is read on
        }

        return batch;
    }

    private static async Task ForgetAsync(StartingBroker broker, Action? meanwhile = null)
    {
        await broker.RestartAsync(TimeSpan.FromSeconds(1), BrokerMood.Starts);
        for (var waited = 0; broker.Told < 1; waited++)
        {
            Assert.True(waited < 100, "the client never asked for the cluster");
            await Task.Delay(100, Stop);
        }

        meanwhile?.Invoke();
        await Task.Delay(1_500, Stop); // it lets go of the brokers
        broker.Mood = BrokerMood.Serves;
    }

    private static PartitionBounds? BoundsOrNull(ConsumerClient client)
    {
        try
        {
            return client.Bounds("t", 0);
        }
        catch (BrokerUnavailableException)
        {
            return null;
        }
    }
}
