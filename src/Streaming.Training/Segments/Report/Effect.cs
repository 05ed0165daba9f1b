namespace Streaming.Training.Segments.Report;

/// <summary>How far a segment's customers differ from all others in one behaviour.</summary>
/// <param name="Delta">Cliff's delta: how much oftener, of all pairs of a customer inside and one outside, the one inside has more than that he has less; −1 to 1.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="RestMedian">Median of the others.</param>
internal sealed record Effect(double Delta, double Low, double High, double RestMedian)
{
    /// <summary>Below it an effect is said to be negligible (Romano et al., 2006: .147, .33, .474).</summary>
    public const double Negligible = 0.147, Small = 0.33, Medium = 0.474;

    /// <summary>True where it is worth a word: not negligible, and the interval without 0.</summary>
    public bool IsClear => Math.Abs(Delta) >= Negligible && Low * High > 0;

    /// <summary>Of 100 pairs, those in which the one inside is on the effect's side; equal ones count half.</summary>
    public int PairsOf100 => (int)Math.Round(50 * (1 + Math.Abs(Delta)), MidpointRounding.AwayFromZero);
}
