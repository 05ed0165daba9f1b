using System.Diagnostics;
using Streaming.Faults.Results;

namespace Streaming.Faults.Programs;

/// <summary>A program's case under way.</summary>
/// <param name="options">Where everything is.</param>
/// <param name="program">The case.</param>
/// <param name="sources">Hash of what it covers.</param>
/// <param name="print">Tells a line.</param>
internal sealed class ProgramRun(FaultOptions options, ProgramCase program, string sources, Action<string> print)
{
    private const int TrialShare = 100;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Folder of what is kept for the next attempt on the same sources.</summary>
    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(options.Work, "programs", $"{program.Name}-{sources}{(options.IsTrial ? "-trial" : "")}")).FullName;

    /// <summary>Root of the repository.</summary>
    public string Root => options.Root;

    /// <summary>Broken promises.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Figures for the table.</summary>
    public Dictionary<string, double> Figures { get; } = [];

    /// <summary>A hundredth of the work, to see whether it runs at all.</summary>
    public bool IsTrial => options.IsTrial;

    /// <summary>How much of an amount is done: a hundredth in a trial.</summary>
    public int Amount(int full) => options.IsTrial ? Math.Max(1, full / TrialShare) : full;

    /// <summary>Tells a line, with the time since the start.</summary>
    public void Log(string text) => print(FormattableString.Invariant($"[{program.Name}] {_clock.Elapsed.TotalSeconds,7:0.0} s  {text}"));

    /// <summary>Builds a test project, so that what runs is what the sources say.</summary>
    /// <returns>Its program.</returns>
    public async Task<string> BuildAsync(string project, string[] properties, string binaries, CancellationToken cancellation)
    {
        var (code, lines) = await RunAsync(["build", Path.Combine(Root, "tests", project), "-c", "Release", "-v", "q", "-nologo", "-p:RunAnalyzers=false", .. properties], [], cancellation);
        if (code != 0) throw new InvalidOperationException($"{project} does not build: {string.Join('\n', lines.Where(l => l.Contains("error", StringComparison.Ordinal)).Take(5))}");
        return Path.Combine(Root, "tests", project, "bin", binaries, "Release", "net10.0", project + ".dll");
    }

    /// <summary>Runs <c>dotnet</c> with arguments to its end.</summary>
    public static async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync(string[] arguments, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            // Nobody reads the progress that goes to the error output.
            var progress = process.StandardError.ReadToEndAsync(cancellation);
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            var told = await progress;
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, [.. output.Split('\n'), .. process.ExitCode == 0 ? [] : told.Split('\n')]);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The result so far.</summary>
    /// <param name="seed">First seed.</param>
    /// <param name="seconds">How long it took, over all attempts.</param>
    /// <param name="faults">Faults that happened.</param>
    /// <param name="inputs">Inputs or events.</param>
    public CaseResult Result(int seed, double? seconds, int faults, long inputs) => CaseResult.Skip(program.Name, "") with
    {
        LacksVerdict = false,
        Skipped = null,
        Seed = seed,
        Seconds = Math.Round(seconds ?? _clock.Elapsed.TotalSeconds, 1),
        Faults = faults,
        Fed = inputs,
        Events = inputs,
        Figures = Figures,
        Failures = [.. Failures],
        Passed = Failures.Count == 0,
    };
}
