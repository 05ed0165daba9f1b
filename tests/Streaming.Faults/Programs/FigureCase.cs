using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Faults.Results;

namespace Streaming.Faults.Programs;

/// <summary>A test that tells a figure in seconds or the like, which no test asserts: it is run, what it tells is kept, and here it is held against its bar.</summary>
internal sealed partial class FigureCase : ProgramCase
{
    /// <summary>The test project.</summary>
    public required string Project { get; init; }

    /// <summary>The test class.</summary>
    public required string Class { get; init; }

    /// <summary>The greatest value that passes, by the figure's name.</summary>
    public required IReadOnlyDictionary<string, double> Bars { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(ProgramRun run, CancellationToken cancellation)
    {
        var tests = await run.BuildAsync(Project, [], "", cancellation);
        var (code, lines) = await ProgramRun.RunAsync([tests, "-class", "*." + Class, "-showLiveOutput"], [], cancellation);
        Judge(lines, run.Figures, run.Failures);
        if (code != 0) run.Failures.Add($"code {code}: {string.Join(' ', lines.Where(l => l.Contains("[FAIL]", StringComparison.Ordinal)).Take(5).Select(l => l.Trim()))}");
        return run.Result(0, null, 0, 0);
    }

    /// <summary>Takes the figures that a test told. One that is above its bar fails, and so does one that was not told.</summary>
    public void Judge(IEnumerable<string> lines, Dictionary<string, double> figures, List<string> failures)
    {
        foreach (var told in lines.Select(line => Told().Match(line)).Where(match => match.Success)) figures[told.Groups["name"].Value] = double.Parse(told.Groups["value"].Value, CultureInfo.InvariantCulture);
        foreach (var (name, most) in Bars)
        {
            if (!figures.TryGetValue(name, out var value)) failures.Add($"no figure was told: {name}");
            else if (value > most) failures.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {value}, more than {most}"));
        }
    }

    [GeneratedRegex(@"figure (?<name>[^:]+): (?<value>[\d.]+)")]
    private static partial Regex Told();
}
