using System.CommandLine;
using System.Globalization;
using Streaming.Host.Engine;
using Streaming.Host.Replay;
using Streaming.Kafka;
using Streaming.Kafka.Topics;

namespace Streaming.Host.Cli;

/// <summary><c>replay</c> on the command line.</summary>
internal static class ReplayCli
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("replay", "Writes real history to the events topic (and its items to the catalogue); rejects only rows that cannot be parsed.",
            "streaming replay --format online-retail --input online-retail.csv.gz --kafka localhost:9092 --json");
        var format = new Option<string>("--format") { Description = "Form of the input: " + string.Join(", ", HistoryFormats.Names) + ".", HelpName = "F", Required = true };
        format.AcceptOnlyFromAmong([.. HistoryFormats.Names]);
        var input = new Option<string>("--input") { Description = "File, plain or .gz; - is standard input.", HelpName = "FILE", Required = true };
        var speed = new Option<string>("--speed") { Description = "max, or times real speed.", HelpName = "max|N", DefaultValueFactory = _ => "max" };
        var limit = new Option<long?>("--limit") { Description = "Most rows read.", HelpName = "N" };
        var outputsFrom = new Option<DateTimeOffset?>("--outputs-from") { Description = "Event time from which on the engine writes outputs (default: all).", HelpName = "TIME" };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[format, input, speed, limit, outputsFrom, json]) command.Options.Add(option);
        var settings = RunCommandOptions.KafkaOn(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var error = parsed.InvocationConfiguration.Error;
            var snapshot = settings.Load(parsed);
            if (snapshot.ErrorsFor("Kafka") is { Count: > 0 } wrong) return CommandFailure.Print(error, wrong);
            if (!HistoryFormats.TryParse(parsed.GetValue(format)!, out var form)) throw new InvalidOperationException("The parser let an unknown format through.");
            var options = new ReplayOptions { Format = form, Input = parsed.GetValue(input)!, Topics = snapshot.Get<KafkaOptions>().Topics, Limit = parsed.GetValue(limit), OutputsFromMs = parsed.GetValue(outputsFrom)?.ToUnixTimeMilliseconds() };
            if (!TrySpeed(parsed.GetValue(speed)!, out var times))
            {
                await error.WriteLineAsync($"--speed must be max or a number above 0, not '{parsed.GetValue(speed)}'.");
                return ExitCode.Usage;
            }

            using var loggers = Logging.ToStandardError(snapshot);
            return await RunAsync(options with { Speed = times }, snapshot.Get<KafkaOptions>(), loggers, parsed.InvocationConfiguration, parsed.GetValue(json), cancellation);
        }));
        return command;
    }

    private static async Task<int> RunAsync(ReplayOptions options, KafkaOptions kafka, ILoggerFactory loggers, InvocationConfiguration console, bool json, CancellationToken cancellation)
    {
        var errors = options.Validate().ToList();
        foreach (var problem in errors) await console.Error.WriteLineAsync(problem);
        if (errors.Count > 0) return ExitCode.Usage;
        var topics = new KafkaTopics(kafka, loggers.CreateLogger<KafkaTopics>());
        var partitions = new Dictionary<string, int> { [kafka.Topics.Events] = await topics.EnsureAsync(cancellation) };
        partitions[kafka.Topics.Catalog] = await topics.PartitionsAsync(kafka.Topics.Catalog) ?? 1;
        await using var sink = new KafkaEventSink(new KafkaEventWriter(kafka, loggers.CreateLogger<KafkaEventWriter>()), partitions);
        await using var source = new KafkaRecordSource(kafka, loggers);
        var line = ProgressLine.On(console.Error);
        var progress = new Inline<ReplayProgress>(p =>
        {
            if (p.Notice is not null) line.Say(p.Notice);
            line.Show(p.Stage, p.Events, "events", p.Seconds, p.Fraction);
        });
        ReplayResult result;
        try
        {
            result = await new ReplayCommand(sink, source, TimeProvider.System).RunAsync(options, progress, cancellation);
        }
        catch (Exception e) when (e is HistoryFormatException or InvalidDataException)
        {
            line.Say(e.Message);
            return ExitCode.Failed;
        }

        line.Say(string.Create(CultureInfo.InvariantCulture, $"{result.Events} events and {result.CatalogItems} items written, {result.Rejected} rows rejected, {result.Seconds:0.0} s."));
        foreach (var rejected in result.Rejections.Take(20)) line.Say(rejected.ToString());
        if (json) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
        return ExitCode.Done;
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, ReplayResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("events", result.Events);
        json.WriteNumber("rejected", result.Rejected);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        json.WriteNumber("catalogItems", result.CatalogItems);
        json.WriteString("requestId", result.RequestId);
        json.WriteBoolean("acknowledged", result.Acknowledged);
        json.WriteEndObject();
    }

    private static bool TrySpeed(string text, out double? times)
    {
        times = null;
        if (text == "max") return true;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !(number > 0) || !double.IsFinite(number)) return false;
        times = number;
        return true;
    }
}
