using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace Streaming.Host.Settings;

/// <summary>Option values as text, both ways. Culture never matters.</summary>
internal static class ValueText
{
    /// <summary>Reads a scalar.</summary>
    /// <param name="text">Text as given.</param>
    /// <param name="type">Type wanted.</param>
    /// <param name="value">The value.</param>
    /// <returns>Null, or what was expected instead.</returns>
    public static string? TryParse(string text, Type type, out object? value)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        value = null;
        if (target != type && text.Length == 0) return null;
        var culture = CultureInfo.InvariantCulture;
        if (target == typeof(string)) value = text;
        else if (target == typeof(bool) && bool.TryParse(text, out var flag)) value = flag;
        else if (target == typeof(int) && int.TryParse(text, NumberStyles.Integer, culture, out var i)) value = i;
        else if (target == typeof(long) && long.TryParse(text, NumberStyles.Integer, culture, out var l)) value = l;
        else if (target == typeof(short) && short.TryParse(text, NumberStyles.Integer, culture, out var s)) value = s;
        else if (target == typeof(ushort) && ushort.TryParse(text, NumberStyles.Integer, culture, out var u)) value = u;
        else if (target == typeof(double) && double.TryParse(text, NumberStyles.Float, culture, out var d)) value = d;
        else if (target == typeof(float) && float.TryParse(text, NumberStyles.Float, culture, out var f)) value = f;
        else if (target == typeof(decimal) && decimal.TryParse(text, NumberStyles.Float, culture, out var m)) value = m;
        else if (target == typeof(TimeSpan) && Durations.TryParse(text, out var span)) value = span;
        else if (target == typeof(DateTimeOffset) && DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal, out var time)) value = time;
        else if (target == typeof(Uri) && Uri.TryCreate(text, UriKind.Absolute, out var uri)) value = uri;
        else if (target.IsEnum && IsName(target, text)) value = Enum.Parse(target, text, ignoreCase: true);
        return value is null ? Expected(type) : null;
    }

    /// <summary>What a type's values look like, for messages and the schema.</summary>
    public static string Expected(Type type)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (target.IsEnum) return "one of " + string.Join(", ", EnumNames(target));
        if (target == typeof(TimeSpan)) return "a duration (hh:mm:ss, d.hh:mm:ss, or 250ms, 30s, 15m, 12h, 7d)";
        if (target == typeof(bool)) return "true or false";
        if (OptionShape.IsWhole(target)) return "a whole number";
        if (OptionShape.IsFraction(target)) return "a number";
        if (target == typeof(DateTimeOffset)) return "a date and time (ISO 8601)";
        if (target == typeof(Uri)) return "an absolute address";
        return OptionShape.IsMap(type) ? "a set of names with values" : OptionShape.IsList(type) ? "a list" : "text";
    }

    /// <summary>A value as a person would write it.</summary>
    public static string Format(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        Enum member => JsonNamingPolicy.CamelCase.ConvertName(member.ToString()),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IDictionary map => string.Join(", ", map.Keys.Cast<object>().Select(k => $"{k}={Format(map[k])}")),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Format)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>An enumeration's values as settings write them; letter case does not matter when they are read.</summary>
    public static IEnumerable<string> EnumNames(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName);

    private static bool IsName(Type type, string text) => Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase);
}
