using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Kafka;

namespace Streaming.Host.Cli;

/// <summary><c>bench start</c>.</summary>
internal static class BenchStartCli
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("start", "Time from exec of streaming run to /health/ready, with an empty store, against a real broker, beside the time of streaming --version: child processes of this program, in turns. Topics of its own, deleted at the end.",
            "streaming bench start --kafka localhost:9092 --runs 5 --json");
        var runs = new Option<int>("--runs") { Description = "Starts of each kind.", HelpName = "N", DefaultValueFactory = _ => 5 };
        var port = BenchChildren.Port("Port of the node's HTTP (default: a free one).");
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[runs, port, json]) command.Options.Add(option);
        var settings = RunCommandOptions.KafkaAloneOn(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed, [new("Consent:Default", "granted")]);
            if (snapshot.Errors.Count > 0) return CommandFailure.Print(console.Error, snapshot.Errors);
            if (parsed.GetValue(runs) < 1 || parsed.GetValue(port) is < 0 or > 65_535)
            {
                await console.Error.WriteLineAsync("--runs must be 1 or more, --port 0 to 65,535.");
                return ExitCode.Usage;
            }

            var options = new StartBenchOptions { Kafka = snapshot.Get<KafkaOptions>(), Runs = parsed.GetValue(runs), Port = parsed.GetValue(port), Given = BenchChildren.Given(parsed) };
            var result = await new StartBench(options).RunAsync(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Ready after {result.StartSeconds:0.00} s ({result.StartProcessorSeconds:0.00} s of processor), {result.FirstStartSeconds:0.00} s where the topics were not there; --version takes {result.VersionSeconds:0.00} s: {result.Ratio:0.0} times. Medians of {result.Runs}."));
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The program's folder has {result.PublishedBytes / 1048576.0:0.0} MiB."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, StartBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("runs", result.Runs);
        json.WriteNumber("startSeconds", Math.Round(result.StartSeconds, 3));
        json.WriteNumber("startProcessorSeconds", Math.Round(result.StartProcessorSeconds, 3));
        json.WriteNumber("firstStartSeconds", Math.Round(result.FirstStartSeconds, 3));
        json.WriteNumber("versionSeconds", Math.Round(result.VersionSeconds, 3));
        json.WriteNumber("ratio", Math.Round(result.Ratio, 2));
        json.WriteNumber("publishedBytes", result.PublishedBytes);
        json.WriteEndObject();
    }
}
