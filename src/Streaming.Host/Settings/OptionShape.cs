namespace Streaming.Host.Settings;

/// <summary>Whether an option is one value, a list or a map.</summary>
internal static class OptionShape
{
    /// <summary>True for whole numbers.</summary>
    public static bool IsWhole(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(ushort);

    /// <summary>True for numbers with a fraction.</summary>
    public static bool IsFraction(Type type) => type == typeof(double) || type == typeof(float) || type == typeof(decimal);

    /// <summary>True for a map of names to values.</summary>
    public static bool IsMap(Type type) => Element(type, typeof(IReadOnlyDictionary<,>)) is not null;

    /// <summary>True for a list of values.</summary>
    public static bool IsList(Type type) => type != typeof(string) && !IsMap(type) && Element(type, typeof(IEnumerable<>)) is not null;

    /// <summary>Type of the values of a map or list.</summary>
    public static Type ValueType(Type type) => (Element(type, typeof(IReadOnlyDictionary<,>)) ?? Element(type, typeof(IEnumerable<>)))!.GetGenericArguments()[^1];

    private static Type? Element(Type type, Type shape) =>
        type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == shape);
}
