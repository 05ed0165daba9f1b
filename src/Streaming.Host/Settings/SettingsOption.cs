using System.Reflection;

namespace Streaming.Host.Settings;

/// <summary>One leaf option.</summary>
/// <param name="Key">Full key, e.g. <c>Fold:SessionGap</c>.</param>
/// <param name="Path">Properties from the section's record down to the option.</param>
/// <param name="Default">Default, from the record.</param>
/// <param name="About">Meaning, unit and range: the first words of the member's documentation.</param>
internal sealed record SettingsOption(string Key, IReadOnlyList<PropertyInfo> Path, object? Default, string About)
{
    /// <summary>Declared type.</summary>
    public Type Type => Path[^1].PropertyType;

    /// <summary>True where the value must never be printed.</summary>
    public bool IsSecret => Redaction.IsSecretName(Key);

    /// <summary>Name of the environment variable that sets it.</summary>
    public string EnvironmentName => Key.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>Reads the option from its section's options.</summary>
    public object? Read(object section) => Path.Aggregate<PropertyInfo, object?>(section, (at, property) => property.GetValue(at));

    /// <summary>Writes the option into its section's options.</summary>
    public void Write(object section, object? value)
    {
        var owner = section;
        foreach (var property in Path.SkipLast(1)) owner = property.GetValue(owner)!;
        Path[^1].SetValue(owner, value);
    }
}
