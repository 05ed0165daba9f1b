namespace Streaming.Training.NextItem;

/// <summary>Figures of ranks.</summary>
internal static class NextItemFigures
{
    /// <summary>Ranks beyond this count nothing.</summary>
    public const int Length = 20;

    /// <summary>What a rank counts in P@20.</summary>
    public static double Hit(int rank) => rank <= Length ? 1 : 0;

    /// <summary>What a rank counts in MRR@20.</summary>
    public static double Reciprocal(int rank) => rank <= Length ? 1.0 / rank : 0;

    /// <summary>P@20 = HR@20: share of ranks up to 20; NaN where there are none.</summary>
    public static double P20(IEnumerable<int> ranks) => ranks.Select(Hit).DefaultIfEmpty(double.NaN).Average();

    /// <summary>MRR@20: mean of 1 / rank, 0 past 20; NaN where there are none.</summary>
    public static double Mrr20(IEnumerable<int> ranks) => ranks.Select(Reciprocal).DefaultIfEmpty(double.NaN).Average();
}
