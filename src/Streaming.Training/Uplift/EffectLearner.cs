namespace Streaming.Training.Uplift;

/// <summary>A way to learn effects from sums of a training set.</summary>
/// <param name="Name">Name in results.</param>
/// <param name="Fit">Coefficients from the sums.</param>
internal sealed record EffectLearner(string Name, Func<TrainingSums, double[]> Fit)
{
    /// <summary>The learner that expects the same of everyone.</summary>
    public const string Constant = "constant";

    /// <summary>
    /// The learners of a design: doubly robust on straight lines, on levels too, on levels with a reluctance to keep a column; and the X-learner (Künzel and others, "Metalearners for estimating heterogeneous treatment effects", 2019).
    /// </summary>
    public static IReadOnlyList<EffectLearner> Of(UpliftDesign design) =>
    [
        new("dr-lines", sums => GroupRidge.Fit(sums.Pseudo, design.Linear, design.GroupOf, 0)),
        new("dr-levels", sums => GroupRidge.Fit(sums.Pseudo, design.All, design.GroupOf, 0)),
        new("dr-few", sums => GroupRidge.Fit(sums.Pseudo, design.All, design.GroupOf, 0.5)),
        new("x-lines", sums => XLearner(sums, design)),
    ];

    private static double[] XLearner(TrainingSums sums, UpliftDesign design)
    {
        var ofTreated = GroupRidge.FitPlain(sums.Treated, design.Linear, design.GroupOf);
        var ofControl = GroupRidge.FitPlain(sums.Control, design.Linear, design.GroupOf);
        var a = GroupRidge.Fit(Imputed(sums.Treated, ofControl, 1), design.Linear, design.GroupOf, 0);
        var b = GroupRidge.Fit(Imputed(sums.Control, ofTreated, -1), design.Linear, design.GroupOf, 0);
        for (var i = 0; i < a.Length; i++) a[i] = ((1 - sums.Share) * a[i]) + (sums.Share * b[i]);
        return a;
    }

    /// <summary>Sums of sign × (y − x'model): what each customer's outcome was beyond that expected in the other arm.</summary>
    private static Moments Imputed(Moments arm, double[] model, int sign)
    {
        var fitted = arm.Times(model);
        var (square, cross) = (arm.Square, new double[arm.Width]);
        for (var i = 0; i < cross.Length; i++)
        {
            square += model[i] * (fitted[i] - (2 * arm.Cross[i]));
            cross[i] = sign * (arm.Cross[i] - fitted[i]);
        }

        return new Moments(arm.Gram) { Cross = cross, Square = square };
    }
}
