namespace Streaming.Architecture.Tests;

/// <summary>What lies at the top of the repository, and nothing else.</summary>
public sealed class LayoutTests
{
    private static readonly string[] Kept =
    [
        ".ci", ".editorconfig", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Directory.Build.props", "Directory.Packages.props", "LICENSE", "README.md",
        "Streaming.sln", "benchmarks", "deploy", "docker-compose.kafka.yml", "docs", "global.json", "helm", "src", "tests",
    ];

    [Fact]
    public void Top_level_is_as_agreed()
    {
        var index = Repository.PathTo(".git");
        if (!Directory.Exists(index) && !File.Exists(index)) Assert.Skip("not a git working copy: what is kept cannot be told from what was made");
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", ["-C", Repository.Root, "ls-files", "-z"]) { RedirectStandardOutput = true })!;
        var names = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        Assert.Equal(Kept.Order(StringComparer.Ordinal), names.Select(n => n.Split('/')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(".ci/run", names);
    }

    [Fact]
    public void Tests_mirror_the_projects()
    {
        var projects = Repository.Files("src", "*.csproj").Select(p => Path.GetFileNameWithoutExtension(p)!).ToHashSet();
        var tests = Repository.Files("tests", "*.csproj").Select(p => Path.GetFileNameWithoutExtension(p)!);
        string[] across = ["Streaming.Architecture.Tests", "Streaming.Faults", "Streaming.Integration.Tests", "Streaming.Simulation", "Streaming.Snapshots.Tests"];
        Assert.DoesNotContain(tests.Except(across), t => !projects.Contains(t.Replace(".Tests", "", StringComparison.Ordinal)));
    }
}
