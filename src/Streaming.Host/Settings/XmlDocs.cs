using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Streaming.Host.Settings;

/// <summary>Meaning of options as their records document them: read from the documentation files that lie beside the assemblies, so that it is written once.</summary>
internal static partial class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> Files = new();

    /// <summary>The summary of a property, on one line; empty where there is none.</summary>
    public static string Summary(PropertyInfo property)
    {
        var owner = property.DeclaringType!;
        var members = Files.GetOrAdd(owner.Assembly, Load);
        var type = owner.FullName!.Replace('+', '.');
        return members.GetValueOrDefault($"P:{type}.{property.Name}") ?? members.GetValueOrDefault($"T:{type}#{property.Name}") ?? "";
    }

    private static IReadOnlyDictionary<string, string> Load(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        if (!File.Exists(path)) return new Dictionary<string, string>();
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
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
