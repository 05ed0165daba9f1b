using System.CommandLine;
using System.Net;
using System.Text.Json;
using Spectre.Console;
using Streaming.Core.Events;
using Streaming.Host.Engine;
using Streaming.Host.Http;
using Streaming.Host.Inspect;
using Streaming.Host.Settings;

namespace Streaming.Host.Cli;

/// <summary><c>inspect user ID</c>: what the engine knows of somebody, from a running node or from a store.</summary>
internal static class InspectCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new ExampledCommand("inspect", "Shows what the engine knows.", "streaming inspect user anna --node http://localhost:8080") { User() };

    private static ExampledCommand User()
    {
        var command = new ExampledCommand("user", "Shows the profile of a user or guest, from a running node, or with --store from a store that no node uses.", "streaming inspect user anna --json");
        var id = new Argument<string>("id") { Description = "Id of the user or guest, as events have it." };
        var node = new Option<string?>("--node") { Description = "Address of a running node (default: this machine, Http:Port).", HelpName = "URL" };
        var guest = new Option<bool>("--guest") { Description = "The id is a guest's (default: a user's, else a guest's)." };
        var json = CommonOptions.Json();
        node.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out _)) result.AddError($"--node must be an address such as http://localhost:8080, not '{result.Tokens[0].Value}'.");
        });
        command.Arguments.Add(id);
        foreach (var option in (Option[])[node, guest, json]) command.Options.Add(option);
        var store = new Option<string?>("--store") { Description = "Read from this store instead: sqlite:DIR or cassandra:HOST:PORT.", HelpName = "STORE" };
        command.Options.Add(store);
        var settings = new SettingsOptions(command);
        command.SetAction((parsed, cancellation) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var console = parsed.InvocationConfiguration;
            KeyValuePair<string, string?>[] defaults = [];
            if (parsed.GetValue(store) is { } location) defaults = [new("Store:Location", location)];
            var snapshot = settings.Load(parsed, defaults);
            if (snapshot.ErrorsFor("Store", "Sqlite", "Cassandra", "Http", "Churn", "Fold") is { Count: > 0 } wrong) return CommandFailure.Print(console.Error, wrong);
            UserKey[] keys = parsed.GetValue(guest) ? [UserKey.Guest(parsed.GetValue(id)!)] : [UserKey.User(parsed.GetValue(id)!), UserKey.Guest(parsed.GetValue(id)!)];
            var profile = parsed.GetValue(store) is null
                ? await FromNodeAsync(parsed.GetValue(node) is { } address ? new Uri(address) : Local(snapshot), parsed.GetValue(id)!, parsed.GetValue(guest), cancellation)
                : await FromStoreAsync(snapshot, keys, cancellation);
            if (profile is null)
            {
                await console.Error.WriteLineAsync($"There is no profile of '{parsed.GetValue(id)}'.");
                return ExitCode.Failed;
            }

            if (parsed.GetValue(json)) await console.Output.WriteLineAsync(JsonSerializer.Serialize(profile, HostJson.Default.ProfileDocument));
            else Print(console.Output, profile);
            return ExitCode.Done;
        }));
        return command;
    }

    private static async Task<ProfileDocument?> FromNodeAsync(Uri node, string id, bool isGuest, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var address = new Uri(node, "/users/" + Uri.EscapeDataString(id) + (isGuest ? "?guest=true" : ""));
        using var answer = await client.GetAsync(address, cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"{node} answered {(int)answer.StatusCode} ({answer.ReasonPhrase}).");
        return await answer.Content.ReadFromJsonAsync(HostJson.Default.ProfileDocument, cancellation);
    }

    private static async Task<ProfileDocument?> FromStoreAsync(SettingsSnapshot settings, UserKey[] keys, CancellationToken cancellation)
    {
        using var loggers = Logging.ToStandardError(settings);
        await using var store = await StoreFactory.OpenUsedAsync(settings, loggers, cancellation);
        return await StoredProfiles.FindAsync(store, keys, settings.Get<Core.Churn.ChurnOptions>(), settings.Get<Core.Fold.FoldOptions>(), cancellation);
    }

    private static Uri Local(SettingsSnapshot settings) => new UriBuilder("http", "127.0.0.1", settings.Get<HttpOptions>().Port).Uri;

    private static void Print(TextWriter output, ProfileDocument profile)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Write(ProfilePanel.Of(profile, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), id => id));
        console.WriteLine();
    }
}
