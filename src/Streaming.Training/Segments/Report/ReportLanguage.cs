namespace Streaming.Training.Segments.Report;

/// <summary>Language of the report.</summary>
public enum ReportLanguage
{
    /// <summary>English.</summary>
    En,
    /// <summary>Chinese, simplified.</summary>
    Zh,
}
