using System.Text.RegularExpressions;
using Streaming.Contracts;

namespace Streaming.Architecture.Tests;

/// <summary>Pages that can be held against the code are.</summary>
public sealed partial class DocumentationTests
{
    private const int MaxReadmeLines = 150;

    [Fact]
    public void Every_decision_page_is_listed()
    {
        var listed = File.ReadAllText(Repository.PathTo("docs", "decisions", "README.md"));
        var pages = Directory.EnumerateFiles(Repository.PathTo("docs", "decisions"), "*.md").Select(p => Path.GetFileName(p)!).Where(p => p != "README.md").Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(pages);
        Assert.Equal(pages.Length, pages.Select(p => p[..4]).Distinct().Count());
        foreach (var page in pages) Assert.Contains($"]({page})", listed, StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_is_short_and_names_the_two_commands()
    {
        var readme = File.ReadAllText(Repository.PathTo("README.md"));
        Assert.InRange(readme.Split('\n').Length, 1, MaxReadmeLines);
        Assert.Contains("dotnet run --project src/Streaming.Host -c Release -- demo", readme, StringComparison.Ordinal);
        Assert.Contains("dotnet test Streaming.sln -c Release", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_letter_page_names_every_reason_and_every_shape()
    {
        var page = File.ReadAllText(Repository.PathTo("docs", "dead-letters.md"));
        foreach (var reason in DeadLetterReasons.All.ToArray()) Assert.Contains($"`{reason}`", page, StringComparison.Ordinal);
        for (var shape = 1; shape <= 40; shape++) Assert.Matches($@"(?m)^\| {shape} \|", page);
    }

    [Fact]
    public void Topic_page_names_every_topic()
    {
        var page = File.ReadAllText(Repository.PathTo("docs", "topics.md"));
        foreach (var topic in ContractSchemas.Topics) Assert.Contains($"`{topic}`", page, StringComparison.Ordinal);
    }

    /// <summary>With STREAMING_UPDATE_DOCS=1 the document is written anew instead.</summary>
    [Fact]
    public void Asyncapi_document_is_made_from_the_schemas_of_today()
    {
        var path = Repository.PathTo("docs", "asyncapi.json");
        var document = AsyncApiDocument.Build(new TopicNames());
        if (Environment.GetEnvironmentVariable("STREAMING_UPDATE_DOCS") == "1") File.WriteAllText(path, document);
        Assert.Equal(document, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    // A proof whose name nobody finds is none.
    [Fact]
    public void Tests_that_pages_name_are_there()
    {
        var sources = Repository.Files("tests", "*.cs").ToLookup(f => Path.GetFileNameWithoutExtension(f), File.ReadAllText, StringComparer.Ordinal);
        var named =
            from page in Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Repository.Files("docs", "*.md"))
            from Match match in TestName().Matches(File.ReadAllText(page))
            select (Page: Path.GetFileName(page), Class: match.Groups["class"].Value, Method: match.Groups["method"].Value);
        var all = named.Distinct().ToList();
        Assert.True(all.Count > 100, "pages name their tests as `XTests` or `XTests.Method`");
        Assert.All(all, n => Assert.True(sources[n.Class].Any(text => n.Method.Length == 0 || text.Contains($" {n.Method}(", StringComparison.Ordinal)), $"{n.Page} names {n.Class}{(n.Method.Length > 0 ? "." : "")}{n.Method}, which is not there"));
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        var pages = Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Repository.Files("docs", "*.md"));
        var broken =
            from page in pages
            from Match link in Link().Matches(File.ReadAllText(page))
            let target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value)
            where !File.Exists(target) && !Directory.Exists(target)
            select $"{Repository.Name(page)}: {link.Groups[1].Value}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Pages_that_the_code_speaks_of_exist()
    {
        var broken =
            from file in Repository.Files("src", "*.cs").Concat(Repository.Files("src", "*.csproj")).Append(Repository.PathTo("Directory.Build.props")).Append(Repository.PathTo(".editorconfig"))
            from Match reference in Reference().Matches(File.ReadAllText(file))
            let target = reference.Value
            where !(target.StartsWith("docs/decisions/", StringComparison.Ordinal) && target.Length == "docs/decisions/0000".Length
                ? Directory.EnumerateFiles(Repository.PathTo("docs", "decisions"), Path.GetFileName(target) + "-*.md").Any()
                : File.Exists(Repository.PathTo(target)))
            select $"{Repository.Name(file)}: {target}";
        // docs/IR.md is a page of ONNX, not of this repository.
        Assert.DoesNotContain(broken, b => !b.EndsWith("docs/IR.md", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_that_the_way_of_an_event_names_exist()
    {
        var page = File.ReadAllText(Repository.PathTo("docs", "architecture.md"));
        var broken = SourcePath().Matches(page).Select(m => m.Value).Distinct().Where(p => !File.Exists(Repository.PathTo(p)) && !Directory.Exists(Repository.PathTo(p)));
        Assert.Empty(broken);
    }

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bdocs/(?:decisions/\d{4}|[a-zA-Z-]+\.(?:md|json))")]
    private static partial Regex Reference();

    [GeneratedRegex(@"(?<=`)(?:src|tests)/[\w./-]+(?=`)")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"`(?<class>[A-Z]\w*Tests)(?:\.(?<method>\w+))?`")]
    private static partial Regex TestName();
}
