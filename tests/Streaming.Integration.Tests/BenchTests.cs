using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Streaming.Integration.Tests;

/// <summary>Each benchmark over a real broker, as small as it goes: it ends well, works what it was given, and its figures hang together. How fast is no test's business.</summary>
public sealed class BenchTests(ITestOutputHelper output)
{
    private const int Events = 2_000;

    [Fact]
    public async Task Latency_answers_every_event_and_measures_its_floor_beside()
    {
        var result = await RunAsync("latency", "--rate", "50", "--seconds", "2", "--rounds", "1", "--users", "200", "--items", "500", "--sessions", "200");
        Assert.Equal(90, result.GetProperty("events").GetInt64()); // a hundred; the first tenth of a round is left out
        Assert.Equal(0, result.GetProperty("unanswered").GetInt64());
        Assert.InRange(result.GetProperty("echoP50Ms").GetDouble(), 0.01, result.GetProperty("echoP99Ms").GetDouble());
        Assert.InRange(result.GetProperty("p50Ms").GetDouble(), 0.01, result.GetProperty("p99Ms").GetDouble());
        Assert.True(result.GetProperty("meanBytes").GetInt32() > 100);
    }

    [Fact]
    public async Task Recommend_makes_lists_of_all_events_and_measures_its_floors_beside()
    {
        var name = "it" + Guid.NewGuid().ToString("n")[..8];
        var history = Path.Combine(Path.GetTempPath(), name + ".jsonl");
        await File.WriteAllTextAsync(history, History(), TestContext.Current.CancellationToken);
        try
        {
            var replay = await EngineProcess.ToEndAsync(["replay", "--format", "events", "--input", history, "--kafka", Kafka(), "--json", "--set", $"Kafka:TopicPrefix={name}-", "--set", "Kafka:Partitions=2"],
                TestContext.Current.CancellationToken);
            Assert.True(replay.Code == 0, replay.Error);
            var result = await RunAsync("recommend", "--topic", name + "-events", "--items", "500", "--sessions", "200");
            var lists = result.GetProperty("recommendations").GetInt64();
            Assert.Equal(Events, result.GetProperty("events").GetInt64());
            Assert.InRange(lists, 1, Events);
            Assert.InRange(result.GetProperty("rowsScored").GetInt64(), lists, lists * 200);
            foreach (var floor in (string[])["foldSeconds", "recallPerSecond", "bareRowsPerSecond", "ratio", "stageRatio"]) Assert.True(result.GetProperty(floor).GetDouble() > 0, floor);
        }
        finally
        {
            File.Delete(history);
        }
    }

    private static string Kafka()
    {
        var kafka = Environment.GetEnvironmentVariable("STREAMING_TEST_KAFKA");
        if (kafka is null) Assert.Skip("STREAMING_TEST_KAFKA names no broker");
        return kafka;
    }

    private async Task<JsonElement> RunAsync(string bench, params string[] arguments)
    {
        var ended = await EngineProcess.ToEndAsync(["bench", bench, "--kafka", Kafka(), "--json", .. arguments], TestContext.Current.CancellationToken);
        output.WriteLine(ended.LastLine);
        Assert.True(ended.Code == 0, ended.Error);
        using var result = JsonDocument.Parse(ended.LastLine);
        return result.RootElement.Clone();
    }

    private static string History()
    {
        var lines = new StringBuilder();
        for (var i = 0; i < Events; i++)
        {
            lines.AppendLine(CultureInfo.InvariantCulture,
                $$"""{"eventId":"e{{i}}","type":"view","userId":"u{{i * 7 % 100}}","itemId":"i{{i * 13 % 500}}","occurredAt":{{1_767_225_600_000 + (i * 1_000L)}}}""");
        }

        return lines.ToString();
    }
}
