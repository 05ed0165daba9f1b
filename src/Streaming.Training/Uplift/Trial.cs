namespace Streaming.Training.Uplift;

/// <summary>A trial of two arms.</summary>
/// <param name="Features">Columns known before the treatment.</param>
/// <param name="Treated">One a row.</param>
/// <param name="Outcome">One a row, finite.</param>
internal sealed record Trial(IReadOnlyList<TrialFeature> Features, bool[] Treated, double[] Outcome)
{
    /// <summary>Customers.</summary>
    public int Rows => Outcome.Length;

    /// <summary>True where every outcome is 0 or 1.</summary>
    public bool IsBinary => Array.TrueForAll(Outcome, y => y is 0 or 1);

    /// <summary>Share of the treated.</summary>
    public double Share => (double)Treated.Count(t => t) / Rows;

    /// <summary>Rows of both trials, these first; columns are those of this one.</summary>
    public Trial Append(Trial other) => new(
        [.. Features.Zip(other.Features, (a, b) => new TrialFeature(a.Name, a.Numbers is null ? null : [.. a.Numbers, .. b.Numbers!], a.Texts is null ? null : [.. a.Texts, .. b.Texts!]))],
        [.. Treated, .. other.Treated], [.. Outcome, .. other.Outcome]);
}
