using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Streaming.Faults.Cases;

namespace Streaming.Faults.Results;

/// <summary>What tells one case from another: its kind and the value of every parameter, written the same way each time.</summary>
internal static class CaseDefinition
{
    // What is said of a case changes nothing of what it does.
    private static readonly string[] Words = [nameof(FaultCase.Covers), nameof(FaultCase.Inject), nameof(FaultCase.Invariant)];

    /// <summary>The kind, then a line for each parameter, by name.</summary>
    /// <exception cref="NotSupportedException">A parameter is of a type whose values have no text of their own.</exception>
    public static string Write(FaultCase fault)
    {
        var text = new StringBuilder(fault.GetType().Name);
        var parameters = fault.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(p => IsParameter(p) && !Words.Contains(p.Name));
        foreach (var parameter in parameters.OrderBy(p => p.Name, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"\n{parameter.Name} = {Text(parameter.Name, parameter.GetValue(fault))}");
        return text.ToString();
    }

    // Given once, where the case is made.
    private static bool IsParameter(PropertyInfo property) => property.SetMethod is { } set && set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Text(string name, object? value) => value switch
    {
        null => "null",
        string text => JsonSerializer.Serialize(text),
        bool flag => flag ? "true" : "false",
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Text(name, tuple[i])))})",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(item => Text(name, item)))}]",
        _ => throw new NotSupportedException($"{name} is a {value.GetType()}: its values have no text of their own"),
    };
}
