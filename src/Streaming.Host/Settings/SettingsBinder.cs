using System.Collections;

namespace Streaming.Host.Settings;

/// <summary>Fills one section's options record from a configuration, keeping defaults where nothing is said and naming every value that does not fit.</summary>
internal static class SettingsBinder
{
    /// <summary>Binds a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="configuration">Where values come from.</param>
    /// <param name="errors">Receives one error a value that cannot be read.</param>
    /// <returns>The options.</returns>
    public static object Bind(SettingsSection section, IConfigurationRoot configuration, List<SettingsError> errors)
    {
        var options = RecordCopy.Of(section.Defaults());
        foreach (var option in section.Options())
        {
            var given = Given(section, option, configuration);
            if (OptionShape.IsMap(option.Type)) BindMap(option, configuration, options, errors);
            else if (OptionShape.IsList(option.Type)) BindList(option, configuration, given, options, errors);
            else if (given is not null) BindScalar(option, given, options, errors);
        }

        return options;
    }

    private static string? Given(SettingsSection section, SettingsOption option, IConfigurationRoot configuration)
    {
        if (section.Shorthand is null || option.Key != $"{section.Name}:{section.Shorthand}") return configuration[option.Key];
        foreach (var provider in configuration.Providers.Reverse())
        {
            if (provider.TryGet(option.Key, out var value) || provider.TryGet(section.Name, out value)) return value;
        }

        return null;
    }

    private static void BindScalar(SettingsOption option, string text, object options, List<SettingsError> errors)
    {
        if (ValueText.TryParse(text, option.Type, out var value) is { } expected) errors.Add(Bad(option.Key, text, expected));
        else option.Write(options, value);
    }

    private static void BindList(SettingsOption option, IConfigurationRoot configuration, string? given, object options, List<SettingsError> errors)
    {
        var texts = given is not null
            ? given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. configuration.GetSection(option.Key).GetChildren().Select(c => c.Value ?? "")];
        if (texts.Length == 0 && given is null) return;
        var element = OptionShape.ValueType(option.Type);
        var values = Array.CreateInstance(element, texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            if (ValueText.TryParse(texts[i], element, out var value) is { } expected) errors.Add(Bad($"{option.Key}:{i}", texts[i], expected));
            else values.SetValue(value, i);
        }

        option.Write(options, option.Type.IsInstanceOfType(values) ? values : Activator.CreateInstance(typeof(List<>).MakeGenericType(element), values));
    }

    // A map keeps its default entries; a named entry replaces its own.
    private static void BindMap(SettingsOption option, IConfigurationRoot configuration, object options, List<SettingsError> errors)
    {
        var entries = configuration.GetSection(option.Key).GetChildren().ToList();
        if (entries.Count == 0) return;
        var element = OptionShape.ValueType(option.Type);
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element))!;
        if (option.Read(options) is IEnumerable defaults)
        {
            foreach (var pair in defaults)
            {
                map[pair.GetType().GetProperty("Key")!.GetValue(pair)!] = pair.GetType().GetProperty("Value")!.GetValue(pair);
            }
        }

        foreach (var entry in entries)
        {
            var text = entry.Value ?? "";
            if (ValueText.TryParse(text, element, out var value) is { } expected) errors.Add(Bad($"{option.Key}:{entry.Key}", text, expected));
            else map[entry.Key] = value;
        }

        option.Write(options, map);
    }

    private static SettingsError Bad(string key, string text, string expected) => new(key, $"must be {expected}, not '{Redaction.Value(key, text)}'.");
}
