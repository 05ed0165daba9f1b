using System.Collections;
using System.Text.Json;

namespace Streaming.Host.Settings;

/// <summary>A JSON schema (2020-12) of the settings, made from the options records: what editors complete and check <c>appsettings.json</c> with.</summary>
internal static class SettingsSchema
{
    /// <summary>Writes the schema.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<SettingsSection> sections)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("title", "Settings of the streaming engine");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var section in sections) WriteSection(json, section);
        json.WriteStartObject("Logging");
        json.WriteString("description", "Log levels, as everywhere in .NET.");
        json.WriteString("type", "object");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteBoolean("additionalProperties", false);
        json.WriteEndObject();
    }

    private static void WriteSection(Utf8JsonWriter json, SettingsSection section)
    {
        json.WriteStartObject(section.Name);
        json.WriteString("description", section.About);
        json.WriteStartArray("type");
        json.WriteStringValue("object");
        if (section.Shorthand is not null) json.WriteStringValue("string");
        json.WriteEndArray();
        WriteProperties(json, [.. section.Options()], depth: 1);
        json.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter json, List<SettingsOption> options, int depth)
    {
        json.WriteStartObject("properties");
        foreach (var group in options.GroupBy(o => o.Key.Split(':')[depth]))
        {
            json.WriteStartObject(group.Key);
            if (group.First().Key.Split(':').Length == depth + 1) WriteOption(json, group.Single());
            else
            {
                json.WriteString("type", "object");
                WriteProperties(json, [.. group], depth + 1);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteBoolean("additionalProperties", false);
    }

    private static void WriteOption(Utf8JsonWriter json, SettingsOption option)
    {
        if (option.About.Length > 0) json.WriteString("description", option.About);
        WriteType(json, option.Type);
        if (option.Default is null) return;
        json.WritePropertyName("default");
        WriteValue(json, option.Default);
    }

    private static void WriteType(Utf8JsonWriter json, Type type)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        json.WriteString("type", JsonType(target));
        if (target.IsEnum)
        {
            json.WriteStartArray("enum");
            foreach (var name in ValueText.EnumNames(target)) json.WriteStringValue(name);
            json.WriteEndArray();
        }

        if (target == typeof(TimeSpan)) json.WriteString("format", "timespan");
        if (!OptionShape.IsMap(target) && !OptionShape.IsList(target)) return;
        json.WriteStartObject(OptionShape.IsMap(target) ? "additionalProperties" : "items");
        WriteType(json, OptionShape.ValueType(target));
        json.WriteEndObject();
    }

    private static string JsonType(Type type) =>
        type == typeof(bool) ? "boolean"
        : OptionShape.IsWhole(type) ? "integer"
        : OptionShape.IsFraction(type) ? "number"
        : OptionShape.IsMap(type) ? "object"
        : OptionShape.IsList(type) ? "array" : "string";

    /// <summary>Writes an option's value: numbers and flags as such, maps and lists in their shape, everything else as text.</summary>
    internal static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int or long or short or ushort or double or float or decimal: json.WriteRawValue(ValueText.Format(value)); break;
            case string text: json.WriteStringValue(text); break;
            case IDictionary map:
                json.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                {
                    json.WritePropertyName((string)entry.Key);
                    WriteValue(json, entry.Value is string text ? Redaction.Value((string)entry.Key, text) : entry.Value);
                }

                json.WriteEndObject();
                break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list) WriteValue(json, item);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(ValueText.Format(value)); break;
        }
    }
}
