using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Faults.Results;

namespace Streaming.Faults.Programs;

/// <summary>The fuzz tests of a test project with many inputs, those of the corpus first.</summary>
internal sealed partial class FuzzCase : ProgramCase
{
    /// <summary>The test project.</summary>
    public required string Project { get; init; }

    /// <summary>Inputs of each test.</summary>
    public int Inputs { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(ProgramRun run, CancellationToken cancellation)
    {
        var tests = await run.BuildAsync(Project, [], "", cancellation);
        run.Log("built");
        var asked = new Dictionary<string, string> { ["STREAMING_FUZZ_INPUTS"] = $"{run.Amount(Inputs)}" };
        var (code, lines) = await ProgramRun.RunAsync([tests, "-class", "*Fuzz*", "-showLiveOutput"], asked, cancellation);
        var inputs = 0L;
        foreach (var told in lines.Select(line => Told().Match(line)).Where(match => match.Success))
        {
            foreach (var part in (string[])["inputs", "read", "refused"])
            {
                var figure = long.Parse(told.Groups[part].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
                var name = $"{told.Groups["reader"].Value}, {part}";
                run.Figures[name] = run.Figures.GetValueOrDefault(name) + figure;
                if (part == "inputs") inputs += figure;
            }
        }

        if (code != 0) run.Failures.Add($"code {code}: {string.Join(' ', lines.Where(l => l.Contains("[FAIL]", StringComparison.Ordinal) || l.Contains("seed ", StringComparison.Ordinal)).Take(5).Select(l => l.Trim()))}");
        if (inputs == 0) run.Failures.Add("no test told of an input");
        return run.Result(0, null, 0, inputs);
    }

    // What Fuzz.Told writes.
    [GeneratedRegex(@"fuzz (?<reader>[^:]+): (?<inputs>[\d,]+) inputs: (?<read>[\d,]+) read, (?<refused>[\d,]+) refused")]
    private static partial Regex Told();
}
