using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Host.Engine;
using Streaming.Kafka;

namespace Streaming.Host.Cli;

/// <summary><c>bench latency</c>.</summary>
internal static class BenchLatencyCli
{
    private const int Shards = 4;

    /// <summary>The command.</summary>
    public static ExampledCommand Create()
    {
        var command = new ExampledCommand("latency", "From an event written to its recommendation read (read_committed), over the whole engine, beside a bare transactional echo over the same broker at the same rate.",
            "streaming bench latency --kafka localhost:9092 --rate 500 --json");
        var rate = new Option<double>("--rate") { Description = "Events a second.", HelpName = "N", Required = true };
        var seconds = new Option<double>("--seconds") { Description = "Length of a round.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of engine and echo, in turns; one more of each warms up.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var users = new Option<int>("--users") { Description = "Users, who come in turns.", HelpName = "N", DefaultValueFactory = _ => 20_000 };
        var items = new Option<int>("--items") { Description = "Items of the catalogue.", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var sessions = new Option<int>("--sessions") { Description = "Closed sessions in the item index.", HelpName = "N", DefaultValueFactory = _ => 200_000 };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[rate, seconds, rounds, users, items, sessions, seed, json]) command.Options.Add(option);
        var settings = RunCommandOptions.KafkaAloneOn(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var given = settings.Load(parsed);
            if (given.ErrorsFor("Kafka") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            var options = new LatencyBenchOptions
            {
                EventsPerSecond = parsed.GetValue(rate), RoundSeconds = parsed.GetValue(seconds), Rounds = parsed.GetValue(rounds), Users = parsed.GetValue(users), Items = parsed.GetValue(items),
                Sessions = parsed.GetValue(sessions), Seed = (ulong)parsed.GetValue(seed),
            };
            if (options.Misuse(given.Get<KafkaOptions>()) is { } misuse)
            {
                await console.Error.WriteLineAsync(misuse);
                return ExitCode.Usage;
            }

            await using var topics = new BenchTopics(given.Get<KafkaOptions>(), Shards);
            using var folder = new TemporaryFolder(topics.Kafka.GroupId);
            var snapshot = settings.Load(parsed,
            [
                .. topics.Settings.Select(s => s.Split('=', 2)).Select(s => new KeyValuePair<string, string?>(s[0], s[1])), new("Consent:Default", "granted"), new("Kafka:FetchWaitMs", "5"), new("Store:Location", "sqlite:" + folder.Path),
            ]);
            if (snapshot.Errors.Count > 0) return CommandFailure.Print(console.Error, snapshot.Errors);
            if (snapshot.Get<KafkaOptions>().TopicPrefix != topics.Kafka.TopicPrefix)
            {
                await console.Error.WriteLineAsync("Kafka:TopicPrefix is the benchmark's own: it removes its topics at the end.");
                return ExitCode.Usage;
            }

            using var loggers = Logging.To(console.Error.WriteLine, LogLevel.Warning);
            var result = await new LatencyBench(snapshot, topics, options).RunAsync(loggers, console.Error.WriteLine, cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Events} events at {result.EventsPerSecond:N0}/s: recommendation after p50 {result.Engine.P50:0.0}, p99 {result.Engine.P99:0.0} ms ({result.Unanswered} unanswered, {result.Degraded} degraded); echo p50 {result.Echo.P50:0.0}, p99 {result.Echo.P99:0.0} ms; {result.P50Ratio:0.00} and {result.P99Ratio:0.00} times the echo."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return result.Unanswered == 0 ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, LatencyBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("eventsPerSecond", result.EventsPerSecond);
        json.WriteNumber("events", result.Events);
        json.WriteNumber("unanswered", result.Unanswered);
        json.WriteNumber("degraded", result.Degraded);
        json.WriteNumber("meanBytes", result.MeanBytes);
        json.WriteNumber("p50Ms", Math.Round(result.Engine.P50, 2));
        json.WriteNumber("p99Ms", Math.Round(result.Engine.P99, 2));
        json.WriteNumber("echoP50Ms", Math.Round(result.Echo.P50, 2));
        json.WriteNumber("echoP99Ms", Math.Round(result.Echo.P99, 2));
        json.WriteNumber("echoUnanswered", result.EchoUnanswered);
        json.WriteNumber("p50Ratio", Math.Round(result.P50Ratio, 2));
        json.WriteNumber("p99Ratio", Math.Round(result.P99Ratio, 2));
        json.WriteEndObject();
    }
}
