using System.Reflection;
using System.Xml.Linq;
using Streaming.Faults;
using Streaming.Faults.Cases;
using Streaming.Faults.Programs;
using Streaming.Faults.Results;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What a kept result of the fault harness speaks of: when a case must be run again, and when it need not.</summary>
public sealed class SourcesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sources").FullName;

    public SourcesTests()
    {
        Put("src/Streaming.Core/Fold.cs", "fold\n#if SIMULATION_DEFECTS\nmistake\n#endif\n");
        Put("src/Streaming.Core/Defects.cs", "#if SIMULATION_DEFECTS\nmistakes\n#endif\n");
        Put("tests/Streaming.Faults/Results/ResultStore.cs", "store");
        Put("tests/Streaming.Faults/Programs/ProgramRun.cs", "programs");
        Put("tests/Streaming.Faults/Program.cs", "program");
        Put("tests/Streaming.Faults/Results/Spread.cs", "spread");
        Put("tests/Streaming.Faults/FaultRunner.cs", "runner");
        Put("src/Streaming.Training/Train.cs", "training");
        Put("src/Streaming.Snapshots.Sqlite/Rows.cs", "rows");
        Put("tests/Streaming.Faults/Workload/Feeder.cs", "feeder");
        Put("tests/Streaming.Faults/Cases/KillCase.cs", "kill");
        Put("tests/Streaming.Faults/Cases/TwinCase.cs", "twin");
        Put("tests/Streaming.Faults/Cases/CaseList.cs", "list");
        Put("tests/Streaming.Faults/Cases/NodeCases.cs", "nodes");
        Put("tests/Streaming.Faults/results/kill.json", "result");
    }

    [Theory]
    [InlineData("tests/Streaming.Faults/Cases/CaseList.cs")]
    [InlineData("tests/Streaming.Faults/Cases/NodeCases.cs")]
    [InlineData("tests/Streaming.Faults/Cases/TwinCase.cs")]
    [InlineData("tests/Streaming.Faults/results/kill.json")]
    [InlineData("src/Streaming.Training/Train.cs")]
    [InlineData("tests/Streaming.Faults/Results/ResultStore.cs")]
    [InlineData("tests/Streaming.Faults/Programs/ProgramRun.cs")]
    [InlineData("tests/Streaming.Faults/Program.cs")]
    public void Hash_after_a_change_that_is_none_of_the_case_stays(string file)
    {
        var before = Sources.Hash(_root, Kill());
        Put(file, "changed");
        Assert.Equal(before, Sources.Hash(_root, Kill()));
    }

    [Theory]
    [InlineData("tests/Streaming.Faults/Cases/KillCase.cs")]
    [InlineData("tests/Streaming.Faults/Workload/Feeder.cs")]
    [InlineData("src/Streaming.Core/Fold.cs")]
    [InlineData("src/Streaming.Snapshots.Sqlite/Rows.cs")]
    [InlineData("tests/Streaming.Faults/Results/Spread.cs")]
    [InlineData("tests/Streaming.Faults/FaultRunner.cs")]
    public void Hash_after_a_change_of_what_the_case_runs_is_another(string file)
    {
        var before = Sources.Hash(_root, Kill());
        Put(file, "changed");
        Assert.NotEqual(before, Sources.Hash(_root, Kill()));
    }

    [Theory]
    [InlineData("src/Streaming.Core/Fold.cs", true)]
    [InlineData("src/Streaming.Snapshots.Sqlite/Rows.cs", true)]
    [InlineData("src/Streaming.Later/Rows.cs", false)]
    public void Hash_is_of_the_projects_that_the_host_refers_to_one_through_another(string file, bool isAnother)
    {
        Put("src/Streaming.Host/Streaming.Host.csproj", """<Project><ItemGroup><ProjectReference Include="../Streaming.Core/Streaming.Core.csproj" /></ItemGroup></Project>""");
        Put("src/Streaming.Core/Streaming.Core.csproj", """<Project><ItemGroup><ProjectReference Include="..\Streaming.Snapshots.Sqlite\Streaming.Snapshots.Sqlite.csproj" /></ItemGroup></Project>""");
        Put("src/Streaming.Snapshots.Sqlite/Streaming.Snapshots.Sqlite.csproj", "<Project />");
        Put("src/Streaming.Later/Streaming.Later.csproj", "<Project />");
        Put("src/Streaming.Later/Rows.cs", "rows");
        var before = Sources.Hash(_root, Kill());
        Put(file, "changed");
        Assert.Equal(isAnother, before != Sources.Hash(_root, Kill()));
    }

    [Fact]
    public void Hash_after_another_mistake_was_planted_for_the_simulation_stays()
    {
        var before = Sources.Hash(_root, Kill());
        Put("src/Streaming.Core/Fold.cs", "fold\n#if SIMULATION_DEFECTS\nanother\n#endif\n");
        Put("src/Streaming.Core/Defects.cs", "#if SIMULATION_DEFECTS\nmore\n#endif\n");
        Assert.Equal(before, Sources.Hash(_root, Kill()));
    }

    // What is left out of every hash must be there: a file that was renamed would be counted again, one that was split would not.
    [Fact]
    public void Files_beside_the_cases_are_those_that_are_there() => Assert.All(Sources.Beside, b => Assert.True(Path.Combine(FaultOptions.FindRoot(), "tests", "Streaming.Faults", b) is var at && (File.Exists(at) || Directory.Exists(at)), b));

    [Fact]
    public void Hash_of_a_case_with_a_parameter_changed_is_another_and_other_cases_keep_theirs()
    {
        var (before, other) = (Sources.Hash(_root, Kill()), Sources.Hash(_root, Twin()));
        Assert.NotEqual(before, Sources.Hash(_root, Kill(kills: 31)));
        Assert.NotEqual(before, Sources.Hash(_root, Kill(most: 4.5)));
        Assert.NotEqual(before, Sources.Hash(_root, Kill(store: StoreKind.Cassandra)));
        Assert.Equal(other, Sources.Hash(_root, Twin()));
    }

    [Fact]
    public void Hash_of_a_case_told_in_other_words_stays() => Assert.Equal(Sources.Hash(_root, Kill()), Sources.Hash(_root, Kill(inject: "told differently")));

    [Fact]
    public void Definition_names_the_kind_and_every_parameter_in_order() => Assert.Equal(
        """
        KillCase
        AsksFirst = false
        EventsPerSecond = null
        FromStart = false
        HasShortTimeouts = true
        Kills = 30
        Name = "a \u0022kill\u0022"
        Seconds = (0.5, 4)
        Store = Sqlite
        StoreNodes = 1
        """.ReplaceLineEndings("\n"), CaseDefinition.Write(Kill()));

    [Fact]
    public void Definition_writes_lists_and_spans_of_time()
    {
        var text = CaseDefinition.Write(new LatencyCase { Name = "n", Covers = "c", Inject = "i", Invariant = "v", Steps = [(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(20))], Settings = ["A:B=1", "C=2"] });
        Assert.Contains("\nSettings = [\"A:B=1\", \"C=2\"]\n", text, StringComparison.Ordinal);
        Assert.Contains("\nSteps = [(00:00:00.2000000, 00:00:20)]\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Definitions_of_all_cases_can_be_written_and_names_are_given_once()
    {
        var cases = CaseList.All.Concat(QuickList.All).ToList();
        Assert.Equal(cases.Count, cases.Select(c => c.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(cases, c => Assert.StartsWith(c.GetType().Name + "\n", CaseDefinition.Write(c), StringComparison.Ordinal));
    }

    // A file that is left out of every hash must hold nothing that a case runs.
    [Fact]
    public void Lists_of_cases_do_nothing_but_make_cases()
    {
        var lists = typeof(FaultCase).Assembly.GetTypes().Where(t => t is { DeclaringType: null } && Sources.IsList(t.Name)).ToList();
        Assert.Superset(new HashSet<string> { "CaseList", "NodeCases", "NetworkCases", "BrokerCases", "StoreCases", "QuickList" }, lists.Select(t => t.Name).ToHashSet());
        var methods = lists.SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        Type[] made = [typeof(FaultCase), typeof(IEnumerable<FaultCase>), typeof(IEnumerable<ProgramCase>)];
        Assert.All(methods, m => Assert.True(Array.Exists(made, t => t.IsAssignableFrom(m.ReturnType)), $"{m.DeclaringType}.{m.Name}"));
    }

    [Theory]
    [InlineData(true, "s", 7, true)]
    [InlineData(false, "s", 7, false)]
    [InlineData(true, "t", 7, false)]
    [InlineData(true, "s", 8, false)]
    public void Result_stands_for_a_case_of_the_same_sources_and_seed_that_passed(bool passed, string sources, int seed, bool stands) =>
        Assert.Equal(stands, (CaseResult.Skip("n", "") with { Passed = passed, Sources = sources, Seed = seed }).StandsFor("s", 7));

    [Theory]
    [InlineData(60, 0, true)]
    [InlineData(59, 0, false)]
    [InlineData(60, 450, false)]
    public void Soak_that_is_shortened_or_held_back_does_not_count(int minutes, int rate, bool counts) => Assert.Equal(
        counts, CaseList.All.Single(c => c.Name == "s1-soak").Counts(new FaultOptions { Root = "", Build = "", Servers = "", Work = "", SoakMinutes = minutes, SoakEventsPerSecond = rate }));

    [Fact]
    public void Program_is_run_again_after_a_change_of_a_file_or_a_folder_that_it_covers_and_of_no_other()
    {
        foreach (var file in (string[])["Directory.Packages.props", "Directory.Build.props", "tests/Streaming.Faults/Programs/SimSeedsCase.cs", "tests/Tests/Broker.cs", "tests/Tests/Other.cs"]) Put(file, "text");
        var program = new SimSeedsCase { Name = "sim", About = "", Covers = ["src/Streaming.Core", "tests/Tests/Broker.cs"], Seeds = 1, Block = 1 };
        var before = ProgramSources.Hash(_root, program);
        Put("tests/Tests/Other.cs", "changed");
        Assert.Equal(before, ProgramSources.Hash(_root, program));
        Put("tests/Tests/Broker.cs", "changed");
        var after = ProgramSources.Hash(_root, program);
        Assert.NotEqual(before, after);
        Put("src/Streaming.Core/Fold.cs", "changed");
        Assert.NotEqual(after, ProgramSources.Hash(_root, program));
    }

    [Theory]
    [InlineData("Streaming.Simulation", "sim-seeds", "sim-defects")]
    [InlineData("Streaming.Core.Tests", "fuzz-core")]
    [InlineData("Streaming.Host.Tests", "fuzz-settings")]
    public void Results_of_a_program_speak_of_all_that_its_project_names(string tests, params string[] programs)
    {
        var project = Path.Combine(FaultOptions.FindRoot(), "tests", tests);
        var named = XDocument.Load(Path.Combine(project, tests + ".csproj")).Descendants().Where(e => e.Name.LocalName is "Compile" or "ProjectReference").Select(e => Path.GetFullPath(Path.Combine(project, e.Attribute("Include")!.Value))).ToList();
        Assert.NotEmpty(named);
        foreach (var name in programs)
        {
            // Of the host's tests one class alone is run, and files of others are linked for others.
            if (name == "fuzz-settings") named.RemoveAll(n => n.EndsWith(".cs", StringComparison.Ordinal) && !Path.GetFileName(n).StartsWith("Fuzz", StringComparison.Ordinal));
            var covers = ProgramList.All.Single(p => p.Name == name).Covers.Select(c => Path.Combine(FaultOptions.FindRoot(), c)).ToList();
            Assert.All(named, n => Assert.Contains(covers, c => n == c || n.StartsWith(c + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
            Assert.All(covers, c => Assert.True(File.Exists(c) || Directory.Exists(c), c));
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static KillCase Kill(int kills = 30, double most = 4, StoreKind store = StoreKind.Sqlite, string inject = "killed") =>
        new() { Name = "a \"kill\"", Covers = "A17", Kills = kills, Seconds = (0.5, most), Store = store, Inject = inject, Invariant = "holds" };

    private static TwinCase Twin() => new() { Name = "twin", Covers = "B6", Seconds = 10, Inject = "two", Invariant = "holds" };

    private void Put(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
