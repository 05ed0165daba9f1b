namespace Streaming.Training.Uplift;

/// <summary>All that a learner sees of its training rows.</summary>
/// <param name="Pseudo">Of the doubly robust outcome.</param>
/// <param name="Treated">Of the outcome of the treated.</param>
/// <param name="Control">Of the outcome of the others.</param>
/// <param name="Share">Share of the treated, the propensity of the trial.</param>
internal sealed record TrainingSums(Moments Pseudo, Moments Treated, Moments Control, double Share)
{
    /// <summary>Over several folds.</summary>
    public static TrainingSums Of(IReadOnlyList<TrainingSums> parts) =>
        new(Moments.Sum([.. parts.Select(p => p.Pseudo)]), Moments.Sum([.. parts.Select(p => p.Treated)]), Moments.Sum([.. parts.Select(p => p.Control)]), parts[0].Share);
}
