using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Streaming.Api.OpenApi;

/// <summary>What fields mean, as their records document them: read from the documentation files beside the program, so that it is written once. Where these were left out the document has no descriptions. The host's settings are described from the same files.</summary>
public static partial class XmlDocs
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Files = new(StringComparer.Ordinal);

    /// <summary>The summary of a type, on one line; empty where there is none.</summary>
    public static string Summary(Type type) => Of(type.Assembly).GetValueOrDefault($"T:{Name(type)}") ?? "";

    /// <summary>The summary of a property, or of the parameter that it was made from.</summary>
    public static string Summary(PropertyInfo property)
    {
        var owner = property.DeclaringType!;
        return Of(owner.Assembly).GetValueOrDefault($"P:{Name(owner)}.{property.Name}") ?? Of(owner.Assembly).GetValueOrDefault($"T:{Name(owner)}#{property.Name}") ?? "";
    }

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static IReadOnlyDictionary<string, string> Of(Assembly assembly) => Files.GetOrAdd(assembly.GetName().Name!, Load);

    private static IReadOnlyDictionary<string, string> Load(string assembly)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        var path = Path.Combine(AppContext.BaseDirectory, assembly + ".xml");
        if (!File.Exists(path)) return members;
        foreach (var member in XDocument.Load(path).Descendants("member"))
        {
            var name = (string)member.Attribute("name")!;
            if (member.Element("summary") is { } summary) members[name] = Flat(summary);
            foreach (var parameter in member.Elements("param")) members[name + "#" + (string)parameter.Attribute("name")!] = Flat(parameter);
        }

        return members;
    }

    private static string Flat(XElement element) => Blanks().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" or "paramref" } see => LastName((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword") ?? (string?)see.Attribute("name") ?? see.Value),
        XElement other => string.Concat(other.Nodes().Select(Text)),
        _ => "",
    };

    // A reference is a kind and a colon, then the full name: "P:Streaming.Kafka.KafkaOptions.Partitions".
    private static string LastName(string reference)
    {
        var name = reference.Length > 1 && reference[1] == ':' ? reference[2..] : reference;
        return name[(name.LastIndexOf('.') + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
