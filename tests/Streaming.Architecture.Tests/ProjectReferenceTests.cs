using System.Xml.Linq;

namespace Streaming.Architecture.Tests;

/// <summary>One project per outside dependency; the core knows the contracts alone (docs/architecture.md).</summary>
public sealed class ProjectReferenceTests
{
    /// <summary>Product projects and all that they may refer to.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Streaming.Contracts"] = [],
        ["Streaming.Core"] = ["Streaming.Contracts"],
        ["Streaming.Pipeline"] = ["Streaming.Core"],
        ["Streaming.Kafka"] = ["Streaming.Core"],
        ["Streaming.Onnx"] = ["Streaming.Core"],
        ["Streaming.Snapshots.Sqlite"] = ["Streaming.Core"],
        ["Streaming.Snapshots.Cassandra"] = ["Streaming.Core"],
        ["Streaming.Training"] = ["Streaming.Core"],
        ["Streaming.Api"] = ["Streaming.Contracts", "Streaming.Core"],
        ["Streaming.Host"] = ["Streaming.Pipeline", "Streaming.Kafka", "Streaming.Onnx", "Streaming.Snapshots.Sqlite", "Streaming.Snapshots.Cassandra", "Streaming.Training", "Streaming.Api"],
    };

    /// <summary>Packages by the start of their name, and the one product project that may know them.</summary>
    private static readonly Dictionary<string, string> Owner = new()
    {
        ["Confluent.Kafka"] = "Streaming.Kafka",
        ["Microsoft.ML.OnnxRuntime"] = "Streaming.Onnx",
        ["CassandraCSharpDriver"] = "Streaming.Snapshots.Cassandra",
        ["Microsoft.Data.Sqlite"] = "Streaming.Snapshots.Sqlite",
        ["Akka"] = "Streaming.Pipeline",
        ["Google.Protobuf"] = "Streaming.Training",
        ["Microsoft.IdentityModel"] = "Streaming.Api",
        ["prometheus-net"] = "Streaming.Host",
        ["Spectre.Console"] = "Streaming.Host",
        ["System.CommandLine"] = "Streaming.Host",
    };

    [Fact]
    public void Every_product_project_is_in_the_list_and_refers_to_nothing_beyond_it()
    {
        var projects = Repository.Files("src", "*.csproj").ToDictionary(p => Path.GetFileNameWithoutExtension(p)!);
        Assert.Equal(Allowed.Keys.Order(), projects.Keys.Order());
        foreach (var (name, path) in projects)
        {
            var references = Items(path, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/')));
            Assert.Empty(references.Except(Allowed[name]).Select(r => $"{name} refers to {r}"));
        }
    }

    [Fact]
    public void Contracts_and_core_need_no_package()
    {
        foreach (var name in (string[])["Streaming.Contracts", "Streaming.Core"])
        {
            Assert.Empty(Items(Repository.PathTo("src", name, name + ".csproj"), "PackageReference"));
        }
    }

    [Fact]
    public void Each_outside_dependency_is_known_to_one_project()
    {
        foreach (var path in Repository.Files("src", "*.csproj"))
        {
            var project = Path.GetFileNameWithoutExtension(path);
            foreach (var package in Items(path, "PackageReference"))
            {
                foreach (var (start, owner) in Owner)
                {
                    if (package == start || package.StartsWith(start + ".", StringComparison.Ordinal)) Assert.Equal((package, owner), (package, project));
                }
            }
        }
    }

    [Fact]
    public void Package_versions_are_central()
    {
        foreach (var path in Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj")))
        {
            var versions = XDocument.Load(path).Descendants("PackageReference").Where(p => p.Attribute("Version") is not null || p.Element("Version") is not null);
            Assert.Empty(versions.Select(p => $"{Repository.Name(path)}: {p}"));
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Repository.PathTo("Streaming.sln")).Replace('\\', '/');
        foreach (var path in Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj"))) Assert.Contains(Repository.Name(path), solution, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Items(string project, string kind) => XDocument.Load(project).Descendants(kind).Select(r => r.Attribute("Include")?.Value).OfType<string>();
}
