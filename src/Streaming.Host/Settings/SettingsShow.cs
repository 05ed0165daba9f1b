using System.Text.Json;

namespace Streaming.Host.Settings;

/// <summary>Settings in force as a JSON object that is itself a valid settings file, but for its masked secrets.</summary>
internal static class SettingsShow
{
    /// <summary>Writes every section.</summary>
    public static void Write(Utf8JsonWriter json, SettingsSnapshot settings)
    {
        json.WriteStartObject();
        foreach (var section in settings.Sections)
        {
            json.WriteStartObject(section.Name);
            WriteLevel(json, [.. section.Options()], settings.Of(section), depth: 1);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteLevel(Utf8JsonWriter json, List<SettingsOption> options, object section, int depth)
    {
        foreach (var group in options.GroupBy(o => o.Key.Split(':')[depth]))
        {
            json.WritePropertyName(group.Key);
            if (group.First().Key.Split(':').Length == depth + 1) WriteOption(json, group.Single(), section);
            else
            {
                json.WriteStartObject();
                WriteLevel(json, [.. group], section, depth + 1);
                json.WriteEndObject();
            }
        }
    }

    private static void WriteOption(Utf8JsonWriter json, SettingsOption option, object section)
    {
        var value = option.Read(section);
        SettingsSchema.WriteValue(json, value is string text ? Redaction.Value(option.Key, text) : value);
    }
}
