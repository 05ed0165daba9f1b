using System.Text;

namespace Streaming.Host.Settings;

/// <summary>docs/settings.md, made from the options records.</summary>
internal static class SettingsMarkdown
{
    private const string Head = """
        # Settings
        Made by `streaming config schema --markdown`; a test holds it against the code. Edit the options records, then run that again.

        Sources, weakest first: the program's `appsettings.json`; `appsettings.json` and `appsettings.{DOTNET_ENVIRONMENT}.json` in the current folder; `--config FILE`;
        environment variables with `__` between the parts (`Kafka__BootstrapServers`); the command line (`--Kafka:BootstrapServers=…` or `--set Kafka:BootstrapServers=…`).
        Durations: `hh:mm:ss`, `d.hh:mm:ss`, or a number with `ms`, `s`, `m`, `h`, `d`. Lists: an array, or text with commas. `config check` names every error at once, `config show` prints
        what is in force (secrets as `***`), `config schema` a JSON schema for editors. `Logging` is as everywhere in .NET.

        """;

    /// <summary>The whole page.</summary>
    public static string Write(IReadOnlyList<SettingsSection> sections)
    {
        var text = new StringBuilder(Head);
        foreach (var section in sections)
        {
            text.Append('\n').Append("## ").Append(section.Name).Append('\n').Append(section.About);
            if (section.Shorthand is not null) text.Append(" `").Append(section.Name).Append("` alone stands for `").Append(section.Name).Append(':').Append(section.Shorthand).Append("`.");
            text.Append("\n\n| key | type | default | meaning |\n|---|---|---|---|\n");
            foreach (var option in section.Options()) text.Append(Row(option)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One option's row.</summary>
    public static string Row(SettingsOption option)
    {
        var value = Redaction.Value(option.Key, ValueText.Format(option.Default));
        return $"| `{option.Key}` | {TypeName(option.Type)} | {(value.Length == 0 ? "–" : $"`{Cell(value)}`")} | {Cell(option.About)} |";
    }

    private static string TypeName(Type type)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        return target.IsEnum ? string.Join(" / ", ValueText.EnumNames(target))
            : target == typeof(TimeSpan) ? "duration"
            : target == typeof(bool) ? "true / false"
            : OptionShape.IsWhole(target) ? "whole number"
            : OptionShape.IsFraction(target) ? "number"
            : OptionShape.IsMap(target) ? "map" : OptionShape.IsList(target) ? "list" : "text";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
