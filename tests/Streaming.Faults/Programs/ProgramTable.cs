using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Streaming.Faults.Results;

namespace Streaming.Faults.Programs;

/// <summary>The results of programs as Markdown tables between markers of a page, one pair a case.</summary>
internal static partial class ProgramTable
{
    /// <summary>The page with the tables of today; a case without a result keeps what stands there.</summary>
    public static string Into(string page, string root, ResultStore results)
    {
        foreach (var program in ProgramList.All)
        {
            if (results.Find(program.Name) is not { } result) continue;
            var (begin, end) = ($"<!-- {program.Name}: made by streaming-faults --table -->", $"<!-- /{program.Name} -->");
            var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal), page.IndexOf(end, StringComparison.Ordinal));
            if (from < 0 || to < from) throw new InvalidDataException($"the page lacks the markers '{begin}' and '{end}'");
            page = page[..(from + begin.Length)] + "\n" + Head(program, result, ProgramSources.Hash(root, program)) + Body(program, result, root) + page[to..];
        }

        return page;
    }

    private static string Head(ProgramCase program, CaseResult result, string sources)
    {
        var verdict = (result.Passed ? "passed" : "**failed**: " + string.Join("; ", result.Failures.Select(f => f.Split('\n')[0]))) + (result.Sources == sources ? "" : ", on older sources");
        return string.Create(CultureInfo.InvariantCulture, $"`{program.Name}`: {program.About}. Commit {result.Commit}, {result.Seconds:N0} s, {verdict}.\n\n");
    }

    private static string Body(ProgramCase program, CaseResult result, string root) => program switch
    {
        SimDefectsCase => Defects(result, File.ReadAllText(Path.Combine(root, "src", "Streaming.Core", "Defects.cs"))),
        FuzzCase => Readers(result),
        _ => string.Concat(result.Figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"- {(program is FigureCase ? f.Key : Words(f.Key))}: {f.Value:#,0.#}\n"))),
    };

    private static string Defects(CaseResult result, string source)
    {
        var table = new StringBuilder("| defect | the mistake | seed | found by |\n|---|---|---:|---|\n");
        foreach (Match mistake in Mistake().Matches(source))
        {
            var name = mistake.Groups["name"].Value;
            if (name == "None") continue;
            var seed = result.Figures.TryGetValue(name, out var found) ? found.ToString("N0", CultureInfo.InvariantCulture) : "not found";
            table.Append(CultureInfo.InvariantCulture, $"| {name} | {mistake.Groups["about"].Value.TrimEnd('.')} | {seed} | {result.Findings?.GetValueOrDefault(name)} |\n");
        }

        return table.ToString();
    }

    private static string Readers(CaseResult result)
    {
        var table = new StringBuilder("| reader | inputs | read | refused |\n|---|---:|---:|---:|\n");
        foreach (var reader in result.Figures.Keys.Where(k => k.EndsWith(", inputs", StringComparison.Ordinal)).Select(k => k[..^", inputs".Length]))
            table.Append(CultureInfo.InvariantCulture, $"| {reader} | {result.Figures[reader + ", inputs"]:N0} | {result.Figures[reader + ", read"]:N0} | {result.Figures[reader + ", refused"]:N0} |\n");
        return table.ToString();
    }

    private static string Words(string name) => Capital().Replace(name, match => " " + match.Value.ToLowerInvariant());

    [GeneratedRegex(@"<summary>(?<about>[^<]+)</summary>\s+(?<name>\w+),")]
    private static partial Regex Mistake();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
