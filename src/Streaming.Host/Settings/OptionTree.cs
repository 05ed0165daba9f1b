using System.Reflection;
using Streaming.Api.OpenApi;

namespace Streaming.Host.Settings;

/// <summary>Walks an options record down to its leaves by reflection, in order of declaration.</summary>
internal static class OptionTree
{
    /// <summary>All leaf options of a section.</summary>
    public static IReadOnlyList<SettingsOption> Walk(SettingsSection section)
    {
        var found = new List<SettingsOption>();
        Walk(section.Name, section.Type, section.Defaults(), [], found);
        return [.. found.Where(o => !section.Derived.Contains(o.Key[(section.Name.Length + 1)..]))];
    }

    private static void Walk(string key, Type type, object instance, PropertyInfo[] path, List<SettingsOption> found)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.MetadataToken))
        {
            if (property.SetMethod is not { IsPublic: true } || property.GetIndexParameters().Length > 0) continue;
            var (name, value) = (key + ":" + property.Name, property.GetValue(instance));
            PropertyInfo[] at = [.. path, property];
            if (RecordFactory.IsRecord(property.PropertyType) && value is not null) Walk(name, property.PropertyType, Unshared(property, instance, value), at, found);
            else found.Add(new SettingsOption(name, at, value, XmlDocs.Summary(property)));
        }
    }

    // A default may be one shared instance; binding writes into it, so every walk works on a copy.
    private static object Unshared(PropertyInfo property, object owner, object value)
    {
        var copy = RecordCopy.Of(value);
        property.SetValue(owner, copy);
        return copy;
    }
}
