using System.Reflection;

namespace Streaming.Host.Settings;

/// <summary>Deep copies of options records, so that binding never writes into a default that others share.</summary>
internal static class RecordCopy
{
    /// <summary>A copy in which every nested record is a copy too.</summary>
    public static object Of(object record)
    {
        var copy = RecordFactory.Create(record.GetType());
        foreach (var property in record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is not { IsPublic: true } || property.GetIndexParameters().Length > 0) continue;
            var value = property.GetValue(record);
            property.SetValue(copy, value is not null && RecordFactory.IsRecord(property.PropertyType) ? Of(value) : value);
        }

        return copy;
    }
}
