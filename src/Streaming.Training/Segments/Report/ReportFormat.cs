using System.Globalization;

namespace Streaming.Training.Segments.Report;

/// <summary>Figures as people read them.</summary>
internal static class ReportFormat
{
    /// <summary>A value in its unit.</summary>
    public static string Value(double value, ReportUnit unit) => unit switch
    {
        ReportUnit.Share => Share(value),
        ReportUnit.Days => value.ToString("#,0.#", CultureInfo.InvariantCulture),
        _ => value.ToString(Math.Abs(value) >= 100 || value == Math.Round(value) ? "#,0" : Math.Abs(value) >= 10 ? "0.#" : "0.##", CultureInfo.InvariantCulture),
    };

    /// <summary>A share in per cent.</summary>
    public static string Share(double value) => (100 * value).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A count.</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>An effect, always with its sign.</summary>
    public static string Delta(double value) => value.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    /// <summary>Two digits behind the point.</summary>
    public static string Plain(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A day, UTC.</summary>
    public static string Day(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
