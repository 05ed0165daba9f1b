using System.CommandLine;
using Streaming.Host.Settings;

namespace Streaming.Host.Cli;

/// <summary><c>config check | show | schema</c>.</summary>
internal static class ConfigCommand
{
    /// <summary>The command with its three verbs.</summary>
    public static Command Create() => new ExampledCommand("config", "Checks and shows the settings.", "streaming config check --config appsettings.json") { Check(), Show(), Schema() };

    private static ExampledCommand Check()
    {
        var command = new ExampledCommand("check", "Names every error in the settings at once; exit code 2 where there is one.", "streaming config check --config appsettings.json --json");
        var json = CommonOptions.Json();
        command.Options.Add(json);
        var settings = RunCommandOptions.On(command);
        command.SetAction((parsed, _) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, () =>
        {
            var snapshot = settings.Load(parsed);
            CommandFailure.Print(parsed.InvocationConfiguration.Error, snapshot.Errors);
            if (parsed.GetValue(json)) parsed.InvocationConfiguration.Output.WriteLine(ErrorsLine(snapshot.Errors));
            else if (snapshot.Errors.Count == 0) parsed.InvocationConfiguration.Error.WriteLine("The settings are fine.");
            return Task.FromResult(snapshot.Errors.Count == 0 ? ExitCode.Done : ExitCode.Usage);
        }));
        return command;
    }

    private static ExampledCommand Show()
    {
        var command = new ExampledCommand("show", "Prints the settings in force, secrets as ***.", "streaming config show --set Http:Port=9090");
        var json = CommonOptions.Json();
        command.Options.Add(json);
        var settings = RunCommandOptions.On(command);
        command.SetAction((parsed, _) => CommandFailure.GuardAsync(parsed.InvocationConfiguration.Error, () =>
        {
            var snapshot = settings.Load(parsed);
            parsed.InvocationConfiguration.Output.WriteLine(ResultLine.Of(w => SettingsShow.Write(w, snapshot), indented: !parsed.GetValue(json)));
            return Task.FromResult(CommandFailure.Print(parsed.InvocationConfiguration.Error, snapshot.Errors) * Math.Sign(snapshot.Errors.Count));
        }));
        return command;
    }

    private static ExampledCommand Schema()
    {
        var command = new ExampledCommand("schema", "Prints a JSON schema of all settings.", "streaming config schema > settings.schema.json");
        var markdown = new Option<bool>("--markdown") { Description = "Print docs/settings.md instead." };
        var json = CommonOptions.Json();
        command.Options.Add(markdown);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(markdown)) output.Write(SettingsMarkdown.Write(SettingsCatalog.Sections));
            else output.WriteLine(ResultLine.Of(w => SettingsSchema.Write(w, SettingsCatalog.Sections), indented: !parsed.GetValue(json)));
            return ExitCode.Done;
        });
        return command;
    }

    private static string ErrorsLine(IReadOnlyList<SettingsError> errors) => ResultLine.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            json.WriteString("key", error.Key);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
