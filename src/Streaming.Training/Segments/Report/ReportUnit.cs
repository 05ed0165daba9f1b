namespace Streaming.Training.Segments.Report;

/// <summary>How a behaviour's figures are written and drawn.</summary>
internal enum ReportUnit
{
    /// <summary>The shop's currency.</summary>
    Money,
    /// <summary>How many.</summary>
    Count,
    /// <summary>Days.</summary>
    Days,
    /// <summary>0 to 1, in per cent.</summary>
    Share,
}
