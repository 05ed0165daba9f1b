using System.Globalization;
using System.Text;
using Streaming.Faults.Cases;

namespace Streaming.Faults.Results;

/// <summary>The results as a Markdown table between two markers of a page.</summary>
internal static class FaultTable
{
    private const string Begin = "<!-- results: made by streaming-faults --table -->", End = "<!-- /results -->";

    /// <summary>The page with the table of today.</summary>
    public static string Into(string page, IReadOnlyList<FaultCase> cases, ResultStore results, Func<FaultCase, string> sources)
    {
        var from = page.IndexOf(Begin, StringComparison.Ordinal);
        var to = page.IndexOf(End, StringComparison.Ordinal);
        if (from < 0 || to < from) throw new InvalidDataException($"the page lacks the markers '{Begin}' and '{End}'");
        return page[..(from + Begin.Length)] + "\n" + Build(cases, results, sources) + page[to..];
    }

    /// <summary>The table.</summary>
    public static string Build(IReadOnlyList<FaultCase> cases, ResultStore results, Func<FaultCase, string> sources)
    {
        var table = new StringBuilder();
        var kept = cases.Select(c => results.Find(c.Name)).OfType<CaseResult>().ToList();
        var current = cases.Count(c => results.Find(c.Name) is { Passed: true } result && result.Sources == sources(c));
        table.Append(CultureInfo.InvariantCulture, $"{kept.Count(r => r.Passed)} of {cases.Count} cases passed, {current} of them on the sources of now, {kept.Count(r => !r.Passed && r.Skipped is null)} failed, {kept.Count(r => r.Skipped is not null)} skipped, {cases.Count - kept.Count} have not been run. ");
        var judged = cases.Where(c => !c.ShowsDamage).Select(c => results.Find(c.Name)).OfType<CaseResult>().ToList();
        table.Append(CultureInfo.InvariantCulture, $"{judged.Sum(r => r.Faults)} faults, {judged.Sum(r => r.Events)} events judged: {judged.Sum(r => Math.Max(0, r.Lost))} lost, {judged.Sum(r => Math.Max(0, r.Duplicated))} duplicated, {judged.Sum(r => Math.Max(0, r.Phantom))} made up, {judged.Sum(r => Math.Max(0, r.StateMismatches))} state mismatches; those of a case that shows the damage with a defence off are not counted. ");
        table.Append(CultureInfo.InvariantCulture, $"{judged.Where(r => r.Name.StartsWith('a')).Sum(r => r.Faults)} of the faults are processes killed at a point of A1 to A18, or at random (`a*`).\n\n");
        table.Append("| case | covers | store | injected | faults | events | lost | duplicated | made up | mismatches | seconds | seed | commit | verdict |\n|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|---|\n");
        foreach (var fault in cases) Row(table, fault, results.Find(fault.Name), sources(fault));
        table.Append("\nFigures; the seed above is the one to pass to `--seed`:\n\n");
        foreach (var result in kept.Where(r => r.Figures.Count > 0))
        {
            table.Append(CultureInfo.InvariantCulture, $"- `{result.Name}`\n");
            foreach (var line in FigureLines.Of(result.Figures)) table.Append(CultureInfo.InvariantCulture, $"  - {line}\n");
        }

        return table.ToString();
    }

    private static void Row(StringBuilder table, FaultCase fault, CaseResult? result, string sources)
    {
        table.Append(CultureInfo.InvariantCulture, $"| {fault.Name} | {fault.Covers} | {fault.Store} | {fault.Inject} |");
        if (result is null)
        {
            table.Append(" | | | | | | | | | not run |\n");
            return;
        }

        var verdict = (result.Passed ? "passed" : result.Skipped is { } why ? "skipped: " + FirstLine(why) : "**failed**: " + string.Join("; ", result.Failures.Select(FirstLine))) + (result.Sources == sources ? "" : " (older sources)") + Attempts(result);
        table.Append(CultureInfo.InvariantCulture,
            $" {result.Faults} | {result.Events} | {result.Lost} | {result.Duplicated} | {result.Phantom} | {result.StateMismatches} | {result.Seconds:0} | {Math.Max(0, result.Seed - CaseRun.Offset(result.Name))} | {result.Commit} | {verdict} |\n");
    }

    // A pass that came after a failure on the same sources is not the same as one that came at once.
    private static string Attempts(CaseResult result)
    {
        var before = result.Attempts.Where(a => a.Sources == result.Sources).ToList();
        return before.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; beside it on the same sources not passed: {string.Join("; ", before.Select(a => $"{a.At:yyyy-MM-dd}: {FirstLine(a.Why)}"))}");
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Replace("|", "\\|", StringComparison.Ordinal);
}
