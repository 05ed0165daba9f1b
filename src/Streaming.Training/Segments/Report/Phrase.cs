namespace Streaming.Training.Segments.Report;

/// <summary>A phrase in each language.</summary>
internal readonly record struct Phrase(string En, string Zh)
{
    /// <summary>The phrase in a language.</summary>
    public string In(ReportLanguage language) => language == ReportLanguage.Zh ? Zh : En;
}
