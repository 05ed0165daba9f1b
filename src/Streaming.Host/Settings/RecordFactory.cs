using System.Reflection;

namespace Streaming.Host.Settings;

/// <summary>Creates options records with their defaults: by the empty constructor, or by one whose parameters all have defaults (positional records).</summary>
internal static class RecordFactory
{
    /// <summary>A new instance with every default.</summary>
    /// <exception cref="InvalidOperationException">The type has no constructor that needs nothing.</exception>
    public static object Create(Type type)
    {
        var constructor = Constructor(type) ?? throw new InvalidOperationException($"{type} cannot be created without arguments: give every option a default.");
        var arguments = constructor.GetParameters().Select(p => p.DefaultValue).ToArray();
        return constructor.Invoke(arguments);
    }

    /// <summary>True for a nested options record, as opposed to a value.</summary>
    public static bool IsRecord(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type.Namespace?.StartsWith("Streaming", StringComparison.Ordinal) == true && Constructor(type) is not null;

    private static ConstructorInfo? Constructor(Type type) => type.GetConstructors()
        .OrderByDescending(c => c.GetParameters().Length)
        .FirstOrDefault(c => c.GetParameters().All(p => p.HasDefaultValue));
}
