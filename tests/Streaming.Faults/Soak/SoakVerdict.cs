using System.Globalization;

namespace Streaming.Faults.Soak;

/// <summary>Whether a soak's readings after the warm-up stay level.</summary>
internal static class SoakVerdict
{
    private const double MaxGrowthPerHour = 0.01, MaxCountPerHour = 2, MinutesPerHour = 60;

    /// <summary>Judges one series.</summary>
    /// <param name="what">Its name with unit.</param>
    /// <param name="minutes">Readings after the warm-up.</param>
    /// <param name="value">The series.</param>
    /// <param name="isCount">Whether it counts things: then two more an hour are level too, since one more of fifty is 2 %.</param>
    /// <returns>The line and, where it rises, why that fails.</returns>
    public static (Slope Slope, string? Failure) Judge(string what, IReadOnlyList<SoakMinute> minutes, Func<SoakMinute, double> value, bool isCount)
    {
        var slope = Slope.Fit([.. minutes.Select(m => m.Minute / MinutesPerHour)], [.. minutes.Select(value)]);
        var isLevel = slope.IncludesZero || slope.RelativePerUnit < MaxGrowthPerHour || (isCount && slope.PerUnit < MaxCountPerHour);
        return (slope, isLevel ? null : string.Create(CultureInfo.InvariantCulture,
            $"{what} rises by {slope.PerUnit:0.###} an hour ({slope.RelativePerUnit:P2}), 95 % interval {slope.Low:0.###} to {slope.High:0.###}"));
    }
}
