using System.CommandLine;
using Streaming.Training.Segments;
using Streaming.Training.Segments.Report;
using Streaming.Training.Segments.Rules;

namespace Streaming.Host.Cli;

/// <summary><c>train segments</c>: groups of customers, described, beside rules by hand.</summary>
internal static class TrainSegmentsCli
{
    private const string About =
        "Groups customers by behaviour and describes and compares the groups (segments.json, report.html, report.json and manifest.json); a refit into the same folder keeps names. Models are trained under the settings that they will serve under.";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var rules = new Option<string?>("--rules") { Description = "Segment rules by hand with examples (JSON, docs/segments.md), whose size and overlap the report shows.", HelpName = "FILE" };
        var language = new Option<string>("--language") { Description = "Language of report.html: en or zh.", HelpName = "L", DefaultValueFactory = _ => "en" };
        language.AcceptOnlyFromAmong("en", "zh");
        return TrainCli.Kind(TrainSegmentsCommand.Kind, About, [rules, language], (parsed, error) =>
        {
            var (file, tongue) = (parsed.GetValue(rules), parsed.GetValue(language)!);
            RuleSet? set = null;
            if (file is not null && (set = Read(file, error)) is null) return null;
            var typed = $"{(file is null ? "" : $" --rules {Path.GetFileName(file)}")}{(tongue == "en" ? "" : $" --language {tongue}")}";
            return (history, output, seed, line, _, progress, cancellation) => TrainSegmentsCommand.RunAsync(new TrainSegmentsOptions
            {
                History = history, OutputFolder = output, Seed = seed, Command = line + typed, Rules = set, Language = tongue == "zh" ? ReportLanguage.Zh : ReportLanguage.En,
            }, progress, cancellation);
        });
    }

    private static RuleSet? Read(string file, TextWriter error)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var bytes = new byte[RuleSet.MaxBytes + 1];
            return RuleSet.Parse(bytes.AsMemory(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)), CustomerRuleFields.Schema);
        }
        catch (Exception e) when (e is RuleException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error.WriteLine($"--rules {file}: {e.Message}");
            return null;
        }
    }
}
