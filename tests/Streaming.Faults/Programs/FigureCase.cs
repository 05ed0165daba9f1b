using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Faults.Results;

namespace Streaming.Faults.Programs;

/// <summary>A test that tells a figure in seconds or the like, which no test asserts: it is run, and what it tells is kept.</summary>
internal sealed partial class FigureCase : ProgramCase
{
    /// <summary>The test project.</summary>
    public required string Project { get; init; }

    /// <summary>The test class.</summary>
    public required string Class { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(ProgramRun run, CancellationToken cancellation)
    {
        var tests = await run.BuildAsync(Project, [], "", cancellation);
        var (code, lines) = await ProgramRun.RunAsync([tests, "-class", "*." + Class, "-showLiveOutput"], [], cancellation);
        foreach (var told in lines.Select(line => Told().Match(line)).Where(match => match.Success)) run.Figures[told.Groups["name"].Value] = double.Parse(told.Groups["value"].Value, CultureInfo.InvariantCulture);
        if (code != 0) run.Failures.Add($"code {code}: {string.Join(' ', lines.Where(l => l.Contains("[FAIL]", StringComparison.Ordinal)).Take(5).Select(l => l.Trim()))}");
        if (run.Figures.Count == 0) run.Failures.Add("no figure was told");
        return run.Result(0, null, 0, 0);
    }

    [GeneratedRegex(@"figure (?<name>[^:]+): (?<value>[\d.]+)")]
    private static partial Regex Told();
}
