using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Streaming.Host.Demo;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Settings;

namespace Streaming.Host.Cli;

/// <summary><c>demo</c>: the whole engine with a generated shop; nothing to install.</summary>
internal static class DemoCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new ExampledCommand("demo", "Shows the whole engine at work: an embedded Kafka, SQLite in a temporary folder, a generated shop. Nothing needs to be installed.",
            "streaming demo --seconds 60 --json");
        var seconds = new Option<double?>("--seconds") { Description = "End after this time (default: at Ctrl-C).", HelpName = "N" };
        seconds.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!double.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var value) || !(value is > 0 and < 1e6)))
                result.AddError($"--seconds must be a number above 0, not '{result.Tokens[0].Value}'.");
        });
        var noBrowser = new Option<bool>("--no-browser") { Description = "Do not open the page in the browser." };
        var (json, seed) = (CommonOptions.Json(), CommonOptions.Seed());
        foreach (var option in (Option[])[seconds, noBrowser, seed, json]) command.Options.Add(option);
        var settings = new SettingsOptions(command, ("--port", "Http:Port", "N", "Port of the page (default 8080).")) { Sections = SettingsCatalog.OfDemo };
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            // Visits in the demo last seconds, not half hours.
            // The HTTP interface is there to be tried: this machine needs no key, and receipts are of this run.
            var snapshot = settings.Load(parsed, [new("Consent:Default", "granted"), new("Fold:SessionGap", "00:00:45"), new("Kafka:FetchWaitMs", "5"),
                new("Api:Auth:AllowLoopbackWithoutKey", "true"), new("Api:Privacy:HashSalt", RandomNumberGenerator.GetHexString(64))]);
            if (snapshot.Errors.Count > 0) return CommandFailure.Print(console.Error, snapshot.Errors);
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (parsed.GetValue(seconds) is { } limit) limited.CancelAfter(TimeSpan.FromSeconds(limit));
            var isTerminal = console.Error == Console.Error && !Console.IsErrorRedirected;
            var demo = new DemoRun(snapshot, new ShopOptions { Seed = parsed.GetValue(seed) }, console.Error, isTerminal);
            var board = await demo.RunAsync(isTerminal && !parsed.GetValue(noBrowser), until: _ => false, limited.Token);
            await console.Error.WriteLineAsync(Demo.View.PlainView.Line(board));
            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(ResultLine.Of(w => Write(w, board)));
            return board.Recommendations > 0 ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, BoardSnapshot board)
    {
        json.WriteStartObject();
        if (board.SecondsToFirstRecommendation is { } first) json.WriteNumber("secondsToFirstRecommendation", Math.Round(first, 2));
        else json.WriteNull("secondsToFirstRecommendation");
        json.WriteNumber("events", board.Events);
        json.WriteNumber("recommendations", board.Recommendations);
        json.WriteNumber("churnAlerts", board.ChurnAlerts);
        json.WriteNumber("deadLetters", board.DeadLetters);
        json.WriteNumber("p50Ms", board.P50Ms);
        json.WriteNumber("p99Ms", board.P99Ms);
        json.WriteNumber("degraded", board.Degraded);
        json.WriteEndObject();
    }
}
