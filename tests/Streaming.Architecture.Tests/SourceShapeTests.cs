using System.Text.RegularExpressions;

namespace Streaming.Architecture.Tests;

/// <summary>The shape of the sources, as CONTRIBUTING.md asks for it.</summary>
public sealed partial class SourceShapeTests
{
    private const int MaxLines = 400;
    private const int MaxMedianLines = 80;

    [Fact]
    public void No_source_has_more_than_400_lines() =>
        Assert.DoesNotContain(Repository.Sources().Select(f => (Name: Repository.Name(f), Lines: File.ReadLines(f).Count())), f => f.Lines > MaxLines);

    [Fact]
    public void Median_product_source_has_less_than_80_lines()
    {
        var lines = Repository.Files("src", "*.cs").Select(f => File.ReadLines(f).Count()).Order().ToArray();
        Assert.InRange(lines[lines.Length / 2], 1, MaxMedianLines - 1);
    }

    [Fact]
    public void Namespaces_are_file_scoped() =>
        Assert.Empty(Repository.Sources().Where(f => BlockNamespace().IsMatch(File.ReadAllText(f))).Select(Repository.Name));

    [Fact]
    public void No_catch_block_is_empty() =>
        Assert.Empty(Repository.Sources().Where(f => EmptyCatch().IsMatch(File.ReadAllText(f))).Select(Repository.Name));

    [Fact]
    public void Nothing_is_left_for_later() =>
        Assert.Empty(Repository.Files("src", "*.cs").Where(f => Later().IsMatch(File.ReadAllText(f))).Select(Repository.Name));

    [Fact]
    public void Log_event_ids_are_unique_and_in_their_project_s_block()
    {
        var seen = new Dictionary<int, string>();
        var blocks = new Dictionary<int, string>();
        foreach (var file in Repository.Files("src", "*.cs"))
        {
            var project = Repository.Name(file).Split('/')[1];
            foreach (Match match in LogEvent().Matches(File.ReadAllText(file)))
            {
                var id = int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(seen.TryAdd(id, Repository.Name(file)), $"log event {id} is in {Repository.Name(file)} and in {seen[id]}");
                Assert.True(blocks.TryAdd(id / 1000, project) || blocks[id / 1000] == project, $"log event {id} of {project} is in the block of {blocks[id / 1000]}");
            }
        }

        Assert.NotEmpty(seen);
    }

    [GeneratedRegex(@"^namespace [\w.]+\s*\{", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();

    [GeneratedRegex(@"\bcatch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex LogEvent();
}
