using System.CommandLine;
using Streaming.Host.Settings;

namespace Streaming.Host.Cli;

/// <summary>The options of every command that reads settings: <c>--config</c>, <c>--set</c>, and short names for the settings that people type most.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string?> _config = new("--config") { Description = "Settings file (JSON), over appsettings.json.", HelpName = "FILE" };
    private readonly Option<string[]> _set = new("--set") { Description = "One setting, over everything else; may be repeated. --KEY=VALUE means the same.", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
    private readonly List<(Option<string?> Option, string Key)> _shorts = [];

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="shorts">Short names: option, key, help name, description.</param>
    public SettingsOptions(Command command, params ReadOnlySpan<(string Option, string Key, string HelpName, string About)> shorts)
    {
        command.Options.Add(_config);
        command.Options.Add(_set);
        foreach (var (name, key, helpName, about) in shorts)
        {
            var option = new Option<string?>(name) { Description = about, HelpName = helpName };
            command.Options.Add(option);
            _shorts.Add((option, key));
        }
    }

    /// <summary>Sections that are read; all of the program by default.</summary>
    public IReadOnlyList<SettingsSection> Sections { get; init; } = SettingsCatalog.Sections;

    /// <summary>Loads the settings in force.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="defaults">Values of this command's own, weaker than every source a person writes.</param>
    /// <exception cref="SettingsFileException">A file is missing or is not JSON.</exception>
    public SettingsSnapshot Load(ParseResult parsed, params IEnumerable<KeyValuePair<string, string?>> defaults)
    {
        var keys = new List<KeyValuePair<string, string?>>();
        var errors = new List<SettingsError>();
        foreach (var pair in parsed.GetValue(_set) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) errors.Add(new SettingsError(pair, "needs a value: --set KEY=VALUE.", IsUnknownKey: true));
            else keys.Add(new(pair[..equals], pair[(equals + 1)..]));
        }

        foreach (var (option, key) in _shorts)
        {
            if (parsed.GetValue(option) is { } value) keys.Add(new(key, value));
        }

        return SettingsSnapshot.Load(SettingsSources.Build(parsed.GetValue(_config), keys, defaults: defaults), Sections, errors);
    }
}
