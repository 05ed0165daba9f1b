namespace Streaming.Training.Segments.Report;

/// <summary>A report speaks of groups, not of persons: of fewer than <see cref="Least"/> customers it says only that.</summary>
internal static class SmallGroups
{
    /// <summary>Fewest customers that a figure is given of.</summary>
    public const int Least = 10;

    /// <summary>True where a figure would speak of a few persons.</summary>
    public static bool Hides(int customers) => customers is > 0 and < Least;

    /// <summary>The number; null: fewer than <see cref="Least"/>, but not none.</summary>
    public static int? Shown(int customers) => Hides(customers) ? null : customers;
}
