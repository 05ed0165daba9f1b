using System.Text.RegularExpressions;
using Streaming.Core.Decode;

namespace Streaming.Architecture.Tests;

/// <summary>
/// The reference fold of <c>audit</c> shares no fold code with the engine: of the core's types its sources name settings, flags, the state of a message and nothing else. One exception is stated: Normalisation Form C of ids, which comes from the engine's own tables,
/// since the program runs without a globalisation library and <see cref="string.Normalize()"/> changes nothing there; <c>NfcTests</c> holds those against the Unicode standard's.
/// </summary>
public sealed partial class ReferenceFoldTests
{
    private static readonly string[] AllowedTypes = ["ConsentFlags", "FoldOptions", "MessageState"];

    // Type and the one file that may name it.
    private static readonly (string Type, string File)[] Exceptions = [("Nfc", "RefId.cs")];

    private static readonly string[] AllowedNamespaces = ["Streaming.Contracts", "Streaming.Core.Decode", "Streaming.Core.Fold"];

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Streaming.Host", "Audit", "Reference"), "*.cs");

    [Fact]
    public void Reference_fold_names_no_type_of_the_core_but_settings_and_the_stated_exception()
    {
        var types = typeof(EventDecoder).Assembly.GetTypes().Where(t => !t.IsNested).Select(t => t.Name.Split('`')[0]).ToHashSet(StringComparer.Ordinal);
        var named = new List<(string Type, string File)>();
        foreach (var source in Sources)
        {
            var code = CommentOrText().Replace(File.ReadAllText(source), " ");
            // A member of the same name that the file declares is found before the type.
            var own = Declared().Matches(code).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
            named.AddRange(Word().Matches(code).Select(m => m.Value).Where(name => types.Contains(name) && !own.Contains(name)).Distinct().Select(type => (type, Path.GetFileName(source))));
        }

        Assert.Contains(named, n => n.Type == "FoldOptions"); // the sources are read
        Assert.DoesNotContain(named, n => !AllowedTypes.Contains(n.Type) && !Exceptions.Contains(n));
        Assert.All(Exceptions, exception => Assert.Contains(exception, named)); // one that is not needed any more goes
    }

    [Fact]
    public void Reference_fold_uses_no_other_namespace_of_the_engine()
    {
        foreach (var source in Sources)
        {
            var code = File.ReadAllText(source);
            Assert.DoesNotContain(Using().Matches(code).Select(m => m.Groups["name"].Value), name => name.StartsWith("Streaming.", StringComparison.Ordinal) && !AllowedNamespaces.Contains(name));
            Assert.False(Qualified().IsMatch(CommentOrText().Replace(Using().Replace(code, " "), " ")), $"{source} names the core in place of a using directive");
        }
    }

    [GeneratedRegex("//[^\n]*|\"(?:\\\\.|[^\"\\\\\n])*\"")]
    private static partial Regex CommentOrText();

    // Behind a dot stands a member; a type behind its namespace is not written here, and the other test says so.
    [GeneratedRegex(@"(?<!\.)\b[A-Z]\w*\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(?:public|private|internal)\s[\w<>\[\],?.\s]*?\b(?<name>[A-Z]\w*)\s*(?=[({;=])")]
    private static partial Regex Declared();

    [GeneratedRegex(@"\bCore\.\w")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
