using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Kafka;

namespace Streaming.Host.Cli;

/// <summary><c>bench</c>: one question each.</summary>
internal static class BenchCli
{
    /// <summary>The command with its benchmarks.</summary>
    public static Command Create() => new ExampledCommand("bench", "Measures one thing each.", "streaming bench fold --kafka localhost:9092 --topic bench --events 3000000 --json") { Fold() };

    private static ExampledCommand Fold()
    {
        var command = new ExampledCommand("fold", "Folds the events of a topic: recommendations off, exactly once, state durable; from the first record folded to the end of every shard readable by another process.",
            "streaming bench fold --kafka localhost:9092 --topic bench --events 3000000 --shards 4 --json");
        var events = new Option<long>("--events") { Description = "Events to fold; the topic holds at least as many.", HelpName = "N", Required = true };
        var shards = new Option<int>("--shards") { Description = "Shards; the topic has as many partitions.", HelpName = "N", DefaultValueFactory = _ => 4 };
        var topic = new Option<string>("--topic") { Description = "Topic with the events, written before.", HelpName = "T", Required = true };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[events, shards, topic, json]) command.Options.Add(option);
        var settings = RunCommandOptions.KafkaAloneOn(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Kafka") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            if (parsed.GetValue(events) < 1 || parsed.GetValue(shards) < 1)
            {
                await console.Error.WriteLineAsync("--events and --shards must be 1 or more.");
                return ExitCode.Usage;
            }

            var options = new FoldBenchOptions { Kafka = snapshot.Get<KafkaOptions>().BootstrapServers, Topic = parsed.GetValue(topic)!, Events = parsed.GetValue(events), Shards = parsed.GetValue(shards) };
            var result = await new FoldBench(options).RunAsync(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Events} events of {result.Users} users in {result.Seconds:0.00} s: {result.EventsPerSecond:N0}/s, {result.AllocatedBytesPerEvent:0.0} bytes allocated an event, peak {result.PeakRssMiB:0} MiB."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, FoldBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("events", result.Events);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.WriteNumber("eventsPerSecond", Math.Round(result.EventsPerSecond));
        json.WriteNumber("allocatedBytesPerEvent", Math.Round(result.AllocatedBytesPerEvent, 2));
        json.WriteNumber("peakRssMiB", Math.Round(result.PeakRssMiB, 1));
        json.WriteString("stateHash", result.StateHash);
        json.WriteNumber("users", result.Users);
        json.WriteEndObject();
    }
}
