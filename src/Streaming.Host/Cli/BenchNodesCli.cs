using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Kafka;

namespace Streaming.Host.Cli;

/// <summary><c>bench nodes</c>.</summary>
internal static class BenchNodesCli
{
    private const int MaxNodes = 64;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("nodes", "Processor time an event with 1, 2 and 4 nodes on this machine: child processes of this program as one cluster over one broker and one SQLite folder, the same events of a generated shop for each number. Topics of its own, deleted at the end.",
            "streaming bench nodes --kafka localhost:9092 --events 300000 --json");
        var events = new Option<int>("--events") { Description = "Events that count.", HelpName = "N", Required = true };
        var warmUp = new Option<int?>("--warm-up") { Description = "Events before them (default: a third as many).", HelpName = "N" };
        var nodes = new Option<int[]>("--nodes") { Description = "Numbers of nodes; the others are held against the first (default: 1 2 4).", HelpName = "N", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 2, 4] };
        var partitions = new Option<int>("--partitions") { Description = "Partitions of events.", HelpName = "N", DefaultValueFactory = _ => 8 };
        var customers = new Option<int>("--customers") { Description = "Known customers of the shop.", HelpName = "N", DefaultValueFactory = _ => 5_000 };
        var rate = new Option<int>("--rate") { Description = "Events a second (default: as fast as they can be written).", HelpName = "N" };
        var port = BenchChildren.Port("First of the nodes' ports, two each (default: free ones).");
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        foreach (var option in (Option[])[events, warmUp, nodes, partitions, customers, rate, seed, port, json]) command.Options.Add(option);
        var settings = RunCommandOptions.KafkaAloneOn(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed, [new("Consent:Default", "granted")]);
            if (snapshot.Errors.Count > 0) return CommandFailure.Print(console.Error, snapshot.Errors);
            var options = new NodesBenchOptions
            {
                Kafka = snapshot.Get<KafkaOptions>(), Events = parsed.GetValue(events), WarmUp = parsed.GetValue(warmUp) ?? Math.Max(1, parsed.GetValue(events) / 3), Nodes = parsed.GetValue(nodes)!,
                Partitions = parsed.GetValue(partitions), Customers = parsed.GetValue(customers), Rate = parsed.GetValue(rate), Seed = parsed.GetValue(seed), Port = parsed.GetValue(port), Given = BenchChildren.Given(parsed),
            };
            if (Wrong(options) is { } wrong)
            {
                await console.Error.WriteLineAsync(wrong);
                return ExitCode.Usage;
            }

            var result = await new NodesBench(options) { Measured = f => console.Error.WriteLine(Line(f)) }.RunAsync(cancellation);
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string? Wrong(NodesBenchOptions options) =>
        options.Events < 1 || options.WarmUp < 0 || options.Customers < 1 || options.Rate < 0 ? "--events and --customers must be 1 or more, --warm-up and --rate 0 or more."
        : options.Nodes.Count == 0 || options.Nodes.Any(n => n is < 1 or > MaxNodes) ? $"--nodes must be 1 to {MaxNodes}."
        : options.Partitions < options.Nodes.Max() || options.Partitions > 4_096 ? "--partitions must be at least the largest of --nodes, and at most 4,096."
        : options.Port < 0 || options.Port + (2 * options.Nodes.Max()) > 65_536 ? "--port must leave room for two ports a node up to 65,535."
        : null;

    private static string Line(NodesFigures f) => string.Create(CultureInfo.InvariantCulture,
        $"{f.Nodes} nodes: {f.CpuMicrosecondsPerEvent:0.0} µs of processor an event, {f.Ratio:0.00} times the first; {f.Seconds:0.0} s; at most {f.MostShards} shards a node. Before the events {f.StartProcessorSeconds:0.0} s of processor (start, catalogue); idle {f.IdleCpuShare:0.000} processors.");

    private static void Write(Utf8JsonWriter json, NodesBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("events", result.Events);
        json.WriteStartArray("counts");
        foreach (var figures in result.Counts)
        {
            json.WriteStartObject();
            json.WriteNumber("nodes", figures.Nodes);
            json.WriteNumber("cpuMicrosecondsPerEvent", Math.Round(figures.CpuMicrosecondsPerEvent, 2));
            json.WriteNumber("ratio", Math.Round(figures.Ratio, 3));
            json.WriteNumber("startProcessorSeconds", Math.Round(figures.StartProcessorSeconds, 2));
            json.WriteNumber("idleCpuShare", Math.Round(figures.IdleCpuShare, 4));
            json.WriteNumber("seconds", Math.Round(figures.Seconds, 2));
            json.WriteNumber("mostShards", figures.MostShards);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
