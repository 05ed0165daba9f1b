using Streaming.Faults;
using Streaming.Faults.Results;

namespace Streaming.Integration.Tests.Faults;

/// <summary>Whether an engine of other sources than those that are there is told from one of the same. A project that this program uses stands for the engine's.</summary>
public sealed class BuildCheckTests : IDisposable
{
    private const string Project = "Streaming.Contracts", Source = "src/Streaming.Contracts/Recommendation.cs", Schema = "src/Streaming.Contracts/Schemas/recommendations.schema.json", Model = "models/ranker/manifest.json";
    private readonly string _root = Directory.CreateTempSubdirectory("sources").FullName, _build = Directory.CreateTempSubdirectory("build").FullName;

    public BuildCheckTests()
    {
        var from = Path.Combine(FaultOptions.FindRoot(), "src", Project);
        foreach (var file in Sources.Of(from)) Put(Path.Combine(_root, "src", Project, Path.GetRelativePath(from, file)), File.ReadAllBytes(file), DateTime.UtcNow.AddYears(-1));
        Put(Path.Combine(_root, "src/Streaming.Host", Model), "model"u8.ToArray(), DateTime.UtcNow);
        Put(Path.Combine(_build, Model), "model"u8.ToArray(), DateTime.UtcNow);
        foreach (var kind in (string[])["dll", "pdb"]) Put(Path.Combine(_build, $"{Project}.{kind}"), File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, $"{Project}.{kind}")), DateTime.UtcNow);
        foreach (var kind in (string[])["dll", "pdb"]) File.Copy(Path.Combine(_build, $"{Project}.{kind}"), Path.Combine(_build, $"streaming.{kind}"));
    }

    [Fact]
    public void Build_of_these_sources_is_taken() => Assert.Null(BuildCheck.Difference(_root, _build));

    [Fact]
    public void Build_is_taken_where_sources_were_merely_touched()
    {
        File.SetLastWriteTimeUtc(Path.Combine(_root, Source), DateTime.UtcNow.AddHours(1));
        Assert.Null(BuildCheck.Difference(_root, _build));
    }

    [Fact]
    public void Build_before_a_source_was_changed_is_refused()
    {
        File.AppendAllText(Path.Combine(_root, Source), "// more");
        Assert.StartsWith($"{Source} is another than", BuildCheck.Difference(_root, _build), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_before_a_source_was_removed_is_refused()
    {
        File.Delete(Path.Combine(_root, Source));
        Assert.StartsWith($"{Source}, of which", BuildCheck.Difference(_root, _build), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Schema)]
    [InlineData("src/Streaming.Contracts/Streaming.Contracts.csproj")]
    [InlineData("Directory.Packages.props")]
    public void Build_before_what_has_no_hash_of_its_own_was_changed_is_refused(string file)
    {
        Put(Path.Combine(_root, file), "changed"u8.ToArray(), DateTime.UtcNow.AddHours(1));
        Assert.StartsWith($"{file} was changed after", BuildCheck.Difference(_root, _build), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_before_a_source_was_added_is_refused()
    {
        Put(Path.Combine(_root, "src/Streaming.Contracts/Added.cs"), "class Added;"u8.ToArray(), DateTime.UtcNow.AddHours(1));
        Assert.StartsWith("src/Streaming.Contracts/Added.cs was changed after", BuildCheck.Difference(_root, _build), StringComparison.Ordinal);
    }

    [Fact]
    public void Harness_of_its_own_sources_is_taken_and_of_others_refused()
    {
        var (root, harness) = (FaultOptions.FindRoot(), typeof(BuildCheck).Assembly.Location);
        var copy = Directory.CreateTempSubdirectory("harness").FullName;
        try
        {
            foreach (var file in Sources.Of(Path.Combine(root, "tests", "Streaming.Faults")))
                Put(Path.Combine(copy, Path.GetRelativePath(root, file)), File.ReadAllBytes(file), DateTime.UtcNow.AddYears(-1));
            Assert.Null(BuildCheck.OfHarness(copy, harness));
            File.AppendAllText(Path.Combine(copy, "tests/Streaming.Faults/Cases/KillCase.cs"), "// more");
            Assert.StartsWith("tests/Streaming.Faults/Cases/KillCase.cs is another than", BuildCheck.OfHarness(copy, harness), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void Build_with_another_model_is_refused()
    {
        Put(Path.Combine(_root, "src/Streaming.Host", Model), "other"u8.ToArray(), DateTime.UtcNow.AddYears(-1));
        Assert.Contains("is not the copy of", BuildCheck.Difference(_root, _build), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_without_symbols_or_engine_is_refused()
    {
        File.Delete(Path.Combine(_build, "streaming.dll"));
        Assert.Contains("holds no streaming.dll", BuildCheck.Difference(_root, _build), StringComparison.Ordinal);
        File.Delete(Path.Combine(_build, $"{Project}.pdb"));
        Assert.Contains("nothing says which sources", BuildCheck.Difference(_root, _build), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        Directory.Delete(_build, recursive: true);
    }

    private static void Put(string path, byte[] bytes, DateTime at)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, at);
    }
}
