using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Streaming.Architecture.Tests;
using Streaming.Host.Tests.Settings;
using Xunit;

namespace Streaming.Host.Tests;

/// <summary>
/// No assembly of the product can be ended at a crash point or made to err on purpose: the names, the calls, the handler, the switches of the environment and the planted mistakes
/// are in builds of their own. These tests read the compiled assemblies beside them, which are the ones that the program is made of.
/// </summary>
public sealed partial class ProductBuildTests(ITestOutputHelper output)
{
    private static readonly string[] Switches = ["CRASH_POINT", "DEFENCE_OFF"];
    private static readonly string[] Types = ["CrashSchedule", "Defect", "Defects"];

    public static TheoryData<string> Assemblies() => [.. Projects().Select(AssemblyName).Order(StringComparer.Ordinal)];

    [Fact]
    public void Product_has_ten_assemblies_and_each_is_looked_at() => Assert.Equal(10, Assemblies().Count);

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Product_assembly_has_no_crash_point_no_switch_and_no_planted_mistake(string assembly)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var pe = new PEReader(stream);
        var metadata = pe.GetMetadataReader();
        var points = Points();
        var texts = Texts(metadata);
        Assert.Empty(points.Concat(Switches).Intersect(texts));
        Assert.Empty(metadata.TypeDefinitions.Select(t => metadata.GetString(metadata.GetTypeDefinition(t).Name)).Intersect(Types));
        Assert.Empty(CallsOfCrashPoints(metadata));
        output.WriteLine($"{assembly}: none of {points.Count} crash points and {Switches.Length} switches among {texts.Count} texts; no call of a crash point");
    }

    [Fact]
    public void Crash_points_are_in_more_sources_than_those_of_the_core()
    {
        // Or the theory above would look for names that only one assembly could have.
        var places = Projects().Where(p => Sources(p).Any(s => CrashPointNames.In(File.ReadAllText(s)).Any())).Select(AssemblyName).ToArray();
        Assert.Contains("Streaming.Core", places);
        Assert.Contains("Streaming.Onnx", places);
        Assert.Contains("Streaming.Snapshots.Sqlite", places);
        Assert.Contains("Streaming.Snapshots.Cassandra", places);
        Assert.True(Points().Count >= 20, $"{Points().Count} points");
    }

    private static HashSet<string> Points() => [.. Projects().SelectMany(Sources).SelectMany(s => CrashPointNames.In(File.ReadAllText(s)))];

    private static HashSet<string> Texts(MetadataReader metadata)
    {
        var texts = new HashSet<string>();
        for (var handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = metadata.GetNextHandle(handle)) texts.Add(metadata.GetUserString(handle));
        return texts;
    }

    // A call into another assembly is a reference to a member; within the core itself the method has a body of nothing and no caller keeps its name's text.
    private static IEnumerable<string> CallsOfCrashPoints(MetadataReader metadata) =>
        from handle in metadata.MemberReferences
        let member = metadata.GetMemberReference(handle)
        where member.Parent.Kind == HandleKind.TypeReference && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name) == "CrashPoint"
        select metadata.GetString(member.Name);

    private static IEnumerable<string> Projects() => Directory.EnumerateFiles(Path.Combine(EveryOptionTests.RepositoryRoot(), "src"), "*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<string> Sources(string project) => Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories)
        .Where(s => !s.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string AssemblyName(string project) => NamedAssembly().Match(File.ReadAllText(project)) is { Success: true } named ? named.Groups[1].Value : Path.GetFileNameWithoutExtension(project);

    [GeneratedRegex("<AssemblyName>([^<]+)</AssemblyName>")]
    private static partial Regex NamedAssembly();
}
