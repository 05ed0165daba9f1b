namespace Streaming.Training.Ranker;

/// <summary>Fits P(acted on) = σ(a × logit + b) by Newton's method, left-out negatives weighted in. Platt, "Probabilistic outputs for support vector machines", 1999.</summary>
internal static class PlattCalibration
{
    private const int Iterations = 50;
    private const double Ridge = 1e-3, SmallestScale = 0.05, LargestScale = 20;

    /// <summary>a (always above 0, so that no order changes) and b.</summary>
    public static (float A, float B) Fit(MlpRanker model, IReadOnlyList<RankerGroup> groups)
    {
        var examples = Examples(model, groups);
        double a = 1, b = 0;
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            double ga = Ridge * (a - 1), gb = 0, haa = Ridge, hab = 0, hbb = 1e-9;
            foreach (var (logit, hit, weight) in examples)
            {
                var p = 1 / (1 + Math.Exp(-((a * logit) + b)));
                var d = weight * (p - (hit ? 1 : 0));
                var h = weight * p * (1 - p);
                ga += d * logit;
                gb += d;
                haa += h * logit * logit;
                hab += h * logit;
                hbb += h;
            }

            var determinant = (haa * hbb) - (hab * hab);
            if (!(determinant > 1e-12)) break;
            var stepA = Math.Clamp(((hbb * ga) - (hab * gb)) / determinant, -1, 1);
            var stepB = Math.Clamp(((haa * gb) - (hab * ga)) / determinant, -2, 2);
            a = Math.Clamp(a - stepA, SmallestScale, LargestScale);
            b -= stepB;
            if (Math.Abs(stepA) + Math.Abs(stepB) < 1e-9) break;
        }

        return ((float)a, (float)b);
    }

    private static List<(double Logit, bool Hit, double Weight)> Examples(MlpRanker model, IReadOnlyList<RankerGroup> groups)
    {
        var examples = new List<(double, bool, double)>();
        var activations = model.NewActivations();
        foreach (var group in groups)
        {
            for (var r = 0; r < group.Rows; r++)
            {
                var hit = group.Gains[r] > 0;
                examples.Add((model.Logit(group.Features.AsSpan(r * model.Features, model.Features), activations), hit, hit ? 1 : group.NegativeWeight));
            }
        }

        return examples;
    }
}
