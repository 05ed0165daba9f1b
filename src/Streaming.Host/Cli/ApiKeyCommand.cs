using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Api.Auth;

namespace Streaming.Host.Cli;

/// <summary><c>api-key create</c>: makes a key of the HTTP interface. The key is printed once and kept nowhere; what is kept is a salted hash.</summary>
internal static class ApiKeyCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new ExampledCommand("api-key", "Makes keys of the HTTP interface (docs/http-api.md).", "streaming api-key create --name shop1 --roles reader,writer --file keys.json") { New() };

    private static ExampledCommand New()
    {
        var command = new ExampledCommand("create", "Prints a fresh key, once, and keeps its salted hash: in the file of --file, which Api:Auth:KeysFile names; without it the file's text is printed too.",
            "streaming api-key create --name shop1 --scopes recommendations:read,events:write --file keys.json");
        var name = new Option<string>("--name") { Description = "Who it is, for logs and the audit log: 1 to 32 of a-z, 0-9 and hyphen.", HelpName = "NAME", Required = true };
        var scopes = List("--scopes", "SCOPE,…", $"What it may do: {string.Join(", ", ApiScopes.All)}.");
        var roles = List("--roles", "ROLE,…", $"Sets of scopes: {string.Join(", ", ApiRoles.Scopes.Keys)}.");
        var surfaces = List("--surfaces", "SURFACE,…", "Surfaces it may ask for (default: all).");
        var guests = new Option<bool>("--guests-only") { Description = "It may speak of guests alone: for a key in a page, which is everybody's." };
        var expires = new Option<string?>("--expires") { Description = "Refused from then on, e.g. 2027-01-01 (default: never).", HelpName = "DATE" };
        var file = new Option<string?>("--file") { Description = "File of keys to add it to; made where it is missing.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[name, scopes, roles, surfaces, guests, expires, file, json]) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, () =>
        {
            var console = parsed.InvocationConfiguration;
            var errors = new List<string>();
            var entry = new ApiKeyEntry
            {
                Id = parsed.GetValue(name)!,
                Roles = Known(errors, "--roles", Words(parsed.GetValue(roles)), ApiRoles.Scopes.Keys),
                Scopes = Known(errors, "--scopes", Words(parsed.GetValue(scopes)), ApiScopes.All),
                Surfaces = Words(parsed.GetValue(surfaces)),
                IsGuestsOnly = parsed.GetValue(guests),
                ExpiresAt = Date(errors, parsed.GetValue(expires)),
                Secrets = [],
            };
            if (!ApiKey.IsId(entry.Id)) errors.Add($"--name must be 1 to 32 of a-z, 0-9 and hyphen, not '{entry.Id}'.");
            if (entry is { Roles: null, Scopes: null }) errors.Add("--scopes or --roles must name something: a key without them may do nothing.");
            return Task.FromResult(errors.Count > 0 ? Refuse(console.Error, errors) : Make(console, entry, parsed.GetValue(file), parsed.GetValue(json)));
        }));
        return command;
    }

    private static int Make(InvocationConfiguration console, ApiKeyEntry entry, string? file, bool json)
    {
        var (key, kept) = ApiKey.Create(entry.Id);
        var document = new ApiKeyDocument { Keys = [entry with { Secrets = [kept] }] };
        byte[] text;
        try
        {
            text = ApiKeyFile.Write(document);
            if (file is not null) ApiKeyFile.Add(file, document.Keys[0]);
        }
        catch (FormatException e)
        {
            return Refuse(console.Error, [file is null ? e.Message : $"{file}: {e.Message}"]);
        }

        console.Error.WriteLine(file is null
            ? "The first line is the key: it is shown this once. The rest is the text of a file for Api:Auth:KeysFile."
            : $"The key is shown this once; {file} has its hash. Serve it with --set Api:Auth:KeysFile={file} and Api:Privacy:HashSalt.");
        if (json)
        {
            console.Output.WriteLine(ResultLine.Of(w =>
            {
                w.WriteStartObject();
                w.WriteString("key", key);
                w.WritePropertyName("kept");
                JsonSerializer.Serialize(w, document, ApiKeyJson.Default.ApiKeyDocument);
                w.WriteEndObject();
            }));
            return ExitCode.Done;
        }

        console.Output.WriteLine(key);
        if (file is null) console.Output.WriteLine(Encoding.UTF8.GetString(text));
        return ExitCode.Done;
    }

    private static Option<string[]> List(string name, string helpName, string about) => new(name) { Description = about, HelpName = helpName, DefaultValueFactory = _ => [] };

    private static string[]? Words(string[]? given)
    {
        var words = (given ?? []).SelectMany(g => g.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
        return words.Length == 0 ? null : words;
    }

    private static string[]? Known(List<string> errors, string option, string[]? words, IEnumerable<string> known)
    {
        foreach (var word in (words ?? []).Except(known)) errors.Add($"{option} must be of {string.Join(", ", known)}, not '{word}'.");
        return words;
    }

    private static DateTimeOffset? Date(List<string> errors, string? text)
    {
        if (text is null) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) && date > TimeProvider.System.GetUtcNow()) return date;
        errors.Add($"--expires must be a date and time to come, not '{text}'.");
        return null;
    }

    private static int Refuse(TextWriter to, List<string> errors)
    {
        foreach (var error in errors) to.WriteLine(error);
        return ExitCode.Usage;
    }
}
