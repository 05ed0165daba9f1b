using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Streaming.Host.Bench;
using Streaming.Host.Settings;

namespace Streaming.Host.Cli;

/// <summary><c>bench http</c>.</summary>
internal static class BenchHttpCli
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("http", "A query of what would be recommended to one user (/recommendations/ID) over HTTP, the user loaded and not loaded, beside Kestrel's empty answer to the same client. Nothing needs to be installed: an embedded Kafka, SQLite in a temporary folder.",
            "streaming bench http --requests 5000 --json");
        var requests = new Option<int>("--requests") { Description = "Queries of each kind.", HelpName = "N", Required = true };
        var connections = new Option<int>("--connections") { Description = "Connections that ask at the same time.", HelpName = "C", DefaultValueFactory = _ => 1 };
        var events = new Option<int>("--events-per-user") { Description = "Events of each user, folded before.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var rate = new Option<int>("--rate") { Description = "Events of other users a second meanwhile (default: none, the shards are idle).", HelpName = "N" };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[requests, connections, events, rate, json]) command.Options.Add(option);
        var settings = new SettingsOptions(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            var snapshot = settings.Load(parsed, [new("Consent:Default", "granted"), new("Http:Port", "0")]);
            if (snapshot.Errors.Count > 0) return CommandFailure.Print(console.Error, snapshot.Errors);
            var options = new HttpBenchOptions { Requests = parsed.GetValue(requests), Connections = parsed.GetValue(connections), EventsPerUser = parsed.GetValue(events), Rate = parsed.GetValue(rate) };
            if (Wrong(options, snapshot.Get<HttpOptions>()) is { } wrong)
            {
                await console.Error.WriteLineAsync(wrong);
                return ExitCode.Usage;
            }

            var result = await new HttpBench(snapshot, options).RunAsync(cancellation);
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{result.Requests} queries of each kind over {result.Connections} connections, {result.Rate} events a second meanwhile; p50 and p99 in ms: empty answer {result.Empty.P50:0.000} and {result.Empty.P99:0.000}, loaded user {result.Loaded.P50:0.000} and {result.Loaded.P99:0.000}, not loaded {result.NotLoaded.P50:0.000} and {result.NotLoaded.P99:0.000}."));
            await console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Above the empty answer at p99: loaded {result.LoadedAboveEmptyP99Ms:0.000} ms, not loaded {result.NotLoadedAboveEmptyP99Ms:0.000} ms. Answers of {result.AnswerBytes:0} bytes; {result.RowsRead} rows asked of the store; {result.Failed} queries without a list."));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, result)));
            return result.IsSound ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static string? Wrong(HttpBenchOptions options, HttpOptions http) =>
        options.Requests < 1 || options.EventsPerUser < 1 || options.Rate < 0 ? "--requests and --events-per-user must be 1 or more, --rate 0 or more."
        : options.Connections < 1 || options.Connections > http.MaxConnections ? $"--connections must be 1 to {http.MaxConnections} (Http:MaxConnections)."
        : null;

    private static void Write(Utf8JsonWriter json, HttpBenchResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("requests", result.Requests);
        json.WriteNumber("connections", result.Connections);
        json.WriteNumber("rate", result.Rate);
        json.WriteNumber("emptyP50Ms", Math.Round(result.Empty.P50, 4));
        json.WriteNumber("emptyP99Ms", Math.Round(result.Empty.P99, 4));
        json.WriteNumber("loadedP50Ms", Math.Round(result.Loaded.P50, 4));
        json.WriteNumber("loadedP99Ms", Math.Round(result.Loaded.P99, 4));
        json.WriteNumber("loadedAboveEmptyP99Ms", Math.Round(result.LoadedAboveEmptyP99Ms, 4));
        json.WriteNumber("notLoadedP50Ms", Math.Round(result.NotLoaded.P50, 4));
        json.WriteNumber("notLoadedP99Ms", Math.Round(result.NotLoaded.P99, 4));
        json.WriteNumber("notLoadedAboveEmptyP99Ms", Math.Round(result.NotLoadedAboveEmptyP99Ms, 4));
        json.WriteNumber("answerBytes", Math.Round(result.AnswerBytes));
        json.WriteNumber("rowsRead", result.RowsRead);
        json.WriteNumber("failed", result.Failed);
        json.WriteEndObject();
    }
}
