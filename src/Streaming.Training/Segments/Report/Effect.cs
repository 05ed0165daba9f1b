namespace Streaming.Training.Segments.Report;

/// <summary>How far a segment's customers differ from all others in one behaviour.</summary>
/// <param name="Delta">Cliff's delta: how much oftener, of all pairs of a customer inside and one outside, the one inside has more than that he has less; −1 to 1.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="RestMedian">Median of the others.</param>
/// <param name="Above">Share of those pairs in which the one inside has more.</param>
/// <param name="Below">Share of those in which he has less; in the rest both have the same.</param>
internal sealed record Effect(double Delta, double Low, double High, double RestMedian, double Above, double Below)
{
    /// <summary>Below it an effect is said to be negligible (Romano et al., 2006: .147, .33, .474).</summary>
    public const double Negligible = 0.147, Small = 0.33, Medium = 0.474;

    /// <summary>True where it is worth a word: not negligible, and the interval without 0.</summary>
    public bool IsClear => Math.Abs(Delta) >= Negligible && Low * High > 0;

    /// <summary>Of 100 pairs, those in which the one inside is on the effect's side.</summary>
    public int For => Of100(Delta > 0 ? Above : Below);

    /// <summary>Of 100 pairs, those in which he is on the other side.</summary>
    public int Against => Of100(Delta > 0 ? Below : Above);

    private static int Of100(double share) => (int)Math.Round(100 * share, MidpointRounding.AwayFromZero);
}
