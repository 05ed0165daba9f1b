using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Streaming.Integration.Tests;

/// <summary>Real processes, a real broker, a real store: the engine is killed at random moments, and a second implementation of the fold judges what is left.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Events = 20_000;
    private const int Partitions = 4;

    [Fact]
    public Task Sqlite_killed_at_random_moments_loses_and_doubles_nothing() =>
        KillAsync($"sqlite:{Path.Combine(Path.GetTempPath(), "streaming-it-" + Guid.NewGuid().ToString("n")[..8])}", seed: 11);

    [Fact]
    public Task Cassandra_killed_at_random_moments_loses_and_doubles_nothing()
    {
        var cassandra = Environment.GetEnvironmentVariable("STREAMING_TEST_CASSANDRA");
        if (cassandra is null) Assert.Skip("STREAMING_TEST_CASSANDRA names no Cassandra node");
        return KillAsync("cassandra:" + cassandra, seed: 12);
    }

    private async Task KillAsync(string store, int seed)
    {
        var kafka = Environment.GetEnvironmentVariable("STREAMING_TEST_KAFKA");
        if (kafka is null) Assert.Skip("STREAMING_TEST_KAFKA names no broker");
        var cancellation = TestContext.Current.CancellationToken;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var name = "it" + Guid.NewGuid().ToString("n")[..8];
        var history = Path.Combine(Path.GetTempPath(), name + ".jsonl");
        await File.WriteAllTextAsync(history, History(random), cancellation);
        string[] topics = ["--set", $"Kafka:TopicPrefix={name}-", "--set", $"Kafka:GroupId={name}", "--set", $"Kafka:TransactionalIdPrefix={name}", "--set", $"Kafka:Partitions={Partitions}"];
        string[] keyspace = store.StartsWith("cassandra", StringComparison.Ordinal) ? ["--set", $"Cassandra:Keyspace={name}"] : [];
        var replay = await EngineProcess.ToEndAsync(["replay", "--format", "events", "--input", history, "--kafka", kafka, "--json", .. topics], cancellation);
        Assert.True(replay.Code == 0, replay.Error);

        string[] run = ["--kafka", kafka, "--store", store, "--consent-default", "granted", .. topics, .. keyspace];
        for (var kill = 0; kill < 5; kill++)
        {
            using var engine = EngineProcess.Run(run);
            await Task.Delay(TimeSpan.FromSeconds(2 + (random.NextDouble() * 4)), cancellation);
            engine.Kill();
        }

        using (var engine = EngineProcess.Run(run))
        {
            Assert.True(await engine.WaitForEndAsync(Partitions, TimeSpan.FromMinutes(3), cancellation), "the engine did not come to the end of its input");
            Assert.Equal(0, await engine.TerminateAsync(cancellation));
        }

        var audit = await EngineProcess.ToEndAsync(["audit", "--kafka", kafka, "--store", store, "--json", .. topics, .. keyspace], cancellation);
        output.WriteLine(audit.LastLine);
        Assert.True(audit.Code == 0, audit.Error);
        using var verdict = JsonDocument.Parse(audit.LastLine);
        Assert.Equal(Events, verdict.RootElement.GetProperty("events").GetInt64());
        Assert.True(verdict.RootElement.GetProperty("consistent").GetBoolean());
        File.Delete(history);
    }

    private static string History(Random random)
    {
        string[] types = ["view", "view", "view", "click", "add_to_cart", "purchase", "wishlist", "impression", "search"];
        var lines = new StringBuilder();
        var at = 1_700_000_000_000L;
        for (var i = 0; i < Events; i++)
        {
            at += random.Next(0, 60_000);
            var type = types[random.Next(types.Length)];
            var user = random.Next(10) == 0 ? $"\"anonymousId\":\"g{random.Next(300)}\"" : $"\"userId\":\"u{random.Next(800)}\"";
            var what = type == "search" ? "\"query\":\"lamp\"" : $"\"itemId\":\"i{random.Next(500)}\"";
            var price = type == "purchase" ? ",\"quantity\":2,\"unitPrice\":3.5,\"currency\":\"EUR\"" : "";
            lines.Append(CultureInfo.InvariantCulture, $"{{\"eventId\":\"e{i}\",\"type\":\"{type}\",{user},{what},\"occurredAt\":{at - (random.Next(20) == 0 ? 3_600_000 : 0)}{price}}}\n");
        }

        return lines.ToString();
    }
}
