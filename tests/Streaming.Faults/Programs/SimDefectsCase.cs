using System.Text.Json;
using Streaming.Faults.Results;

namespace Streaming.Faults.Programs;

/// <summary>Each planted mistake, looked for by the simulation: one that no seed finds fails the case.</summary>
internal sealed class SimDefectsCase : ProgramCase
{
    /// <summary>Seeds until a mistake counts as not found.</summary>
    public int Seeds { get; init; }

    /// <inheritdoc/>
    public override async Task<CaseResult> RunAsync(ProgramRun run, CancellationToken cancellation)
    {
        // A build of its own, in folders of its own: the product holds no mistake.
        var simulation = await run.BuildAsync("Streaming.Simulation", ["-p:SimulationDefects=true"], "defects", cancellation);
        run.Log("built; each mistake is planted in its turn");
        var (code, lines) = await ProgramRun.RunAsync([simulation, "--defects", "--seeds", $"{Seeds}", "--json"], [], cancellation);
        var last = lines.LastOrDefault(line => line.StartsWith('{')) ?? throw new InvalidOperationException($"no result, code {code}: {string.Join('\n', lines.TakeLast(5))}");
        using var json = JsonDocument.Parse(last);
        var findings = new Dictionary<string, string>();
        foreach (var defect in json.RootElement.GetProperty("defects").EnumerateObject())
        {
            if (defect.Value.ValueKind == JsonValueKind.Null)
            {
                run.Failures.Add($"{defect.Name}: not found within {Seeds} seeds");
                continue;
            }

            run.Figures[defect.Name] = defect.Value.GetProperty("seed").GetInt64();
            findings[defect.Name] = defect.Value.GetProperty("by").GetString()!;
        }

        return run.Result(1, null, findings.Count, 0) with { Findings = findings };
    }
}
