using Streaming.Training.History;
using Streaming.Training.Segments.Report;
using Streaming.Training.Segments.Rules;

namespace Streaming.Training.Segments;

/// <summary>What <c>train segments</c> does.</summary>
public sealed record TrainSegmentsOptions
{
    /// <summary>The shop's history.</summary>
    public required TrainingHistory History { get; init; }
    /// <summary>Folder for <c>segments.json</c>, <c>report.html</c>, <c>report.json</c> and <c>manifest.json</c>; where it holds segments already this is a refit that keeps their names.</summary>
    public required string OutputFolder { get; init; }
    /// <summary>Name of the model.</summary>
    public string Name { get; init; } = "segments";
    /// <summary>The command as typed, for the manifest.</summary>
    public string? Command { get; init; }
    /// <summary>Seed.</summary>
    public int Seed { get; init; } = 1;
    /// <summary>Days between the refits by which stability is measured. 1 to 365.</summary>
    public int RefitDays { get; init; } = 28;
    /// <summary>Rules by hand, over <see cref="CustomerRuleFields.Schema"/>, that the report sets beside the segments; null: none.</summary>
    public RuleSet? Rules { get; init; }
    /// <summary>Language of <c>report.html</c>.</summary>
    public ReportLanguage Language { get; init; }

    /// <summary>Every error at once.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(OutputFolder)) yield return $"{nameof(OutputFolder)} is empty";
        if (string.IsNullOrWhiteSpace(Name)) yield return $"{nameof(Name)} is empty";
        if (RefitDays is < 1 or > 365) yield return $"{nameof(RefitDays)} must be 1 to 365, not {RefitDays}";
        if (History.Events.Count == 0) yield return $"{nameof(History)} is empty";
    }
}
