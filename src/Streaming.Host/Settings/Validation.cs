using System.Reflection;

namespace Streaming.Host.Settings;

/// <summary>Calls the <c>Validate()</c> that every options record has.</summary>
internal static class Validation
{
    /// <summary>Everything a section's own record finds wrong with it and with the records inside it, and what the program finds beside.</summary>
    public static IEnumerable<SettingsError> Errors(SettingsSection section, object options) =>
        Errors(section.Name, options).Concat((section.Check?.Invoke(options) ?? []).Select(message => Named(section.Name, section.Type, message))).Distinct();

    /// <summary>The record's check, or null where it has none.</summary>
    public static MethodInfo? MethodOf(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
        .FirstOrDefault(m => m.Name == "Validate" && m.ReturnType == typeof(IEnumerable<string>)
            && (m.IsStatic ? m.GetParameters() is [var only] && only.ParameterType == type : m.GetParameters().Length == 0));

    private static IEnumerable<SettingsError> Errors(string key, object options)
    {
        if (MethodOf(options.GetType()) is { } check)
        {
            var found = check.IsStatic ? check.Invoke(null, [options]) : check.Invoke(options, null);
            foreach (var message in (IEnumerable<string>)found!) yield return Named(key, options.GetType(), message);
        }

        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is not { IsPublic: true } || !RecordFactory.IsRecord(property.PropertyType)) continue;
            if (property.GetValue(options) is not { } nested) continue;
            foreach (var error in Errors(key + ":" + property.Name, nested)) yield return error;
        }
    }

    // Records name the option first ("Port must be …", "Security:Protocol: …"); the full key is what a person must change.
    private static SettingsError Named(string key, Type type, string message)
    {
        if (message.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)) message = message[(key.Length + 1)..];
        while (true)
        {
            var option = type.GetProperties().Where(p => message.StartsWith(p.Name, StringComparison.Ordinal)).MaxBy(p => p.Name.Length);
            if (option is null) return new SettingsError(key, message);
            (key, message) = ($"{key}:{option.Name}", message[option.Name.Length..]);
            if (!RecordFactory.IsRecord(option.PropertyType) || !message.StartsWith(':')) return new SettingsError(key, message.Trim());
            (type, message) = (option.PropertyType, message[1..]);
        }
    }
}
