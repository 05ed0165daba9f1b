namespace Streaming.Training.Churn;

/// <summary>A line on the logit scale: logit p′ = intercept + slope × logit p. Cox, "Two further applications of a model for binary regression", 1958.</summary>
/// <param name="Intercept">Shift, in logits.</param>
/// <param name="Slope">Scale.</param>
public readonly record struct CalibrationLine(double Intercept, double Slope)
{
    private const int Iterations = 60;

    /// <summary>The line that changes nothing.</summary>
    public static CalibrationLine Identity => new(0, 1);

    /// <summary>Shift alone that fits best (calibration in the large: 0 is best, above 0 means that yes was commoner than said).</summary>
    public static double InTheLarge(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels) => Fit(probabilities, labels, 1e-9, fixedSlope: true).Intercept;

    /// <summary>Fits by Newton's method, with a pull towards <see cref="Identity"/>.</summary>
    /// <param name="probabilities">Of yes.</param>
    /// <param name="labels">Outcomes.</param>
    /// <param name="ridge">Strength of the pull, in examples of information one.</param>
    /// <param name="fixedSlope">True: the slope stays 1.</param>
    public static CalibrationLine Fit(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels, double ridge = 1e-6, bool fixedSlope = false)
    {
        double a = 0, b = 1;
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            double ga = ridge * a, gb = ridge * (b - 1), haa = ridge + 1e-12, hab = 0, hbb = ridge + 1e-12;
            for (var i = 0; i < labels.Count; i++)
            {
                var x = Logit(probabilities[i]);
                var p = LogMath.Sigmoid(a + (b * x));
                var d = p - (labels[i] ? 1 : 0);
                var h = p * (1 - p);
                ga += d;
                haa += h;
                if (fixedSlope) continue;
                gb += d * x;
                hab += h * x;
                hbb += h * x * x;
            }

            var determinant = (haa * hbb) - (hab * hab);
            if (!(determinant > 1e-300)) break;
            var stepA = fixedSlope ? ga / haa : ((hbb * ga) - (hab * gb)) / determinant;
            var stepB = fixedSlope ? 0 : ((haa * gb) - (hab * ga)) / determinant;
            a -= Math.Clamp(stepA, -2, 2);
            b -= Math.Clamp(stepB, -1, 1);
            if (Math.Abs(stepA) + Math.Abs(stepB) < 1e-10) break;
        }

        return new CalibrationLine(Math.Clamp(a, -30, 30), Math.Clamp(b, -30, 30));
    }

    /// <summary>The line of a slope that gives some probabilities a mean.</summary>
    /// <param name="probabilities">At least one.</param>
    /// <param name="slope">Above 0.</param>
    /// <param name="mean">What their mean shall be, above 0 and below 1.</param>
    public static CalibrationLine ToMean(IReadOnlyList<double> probabilities, double slope, double mean)
    {
        double low = -40, high = 40;
        for (var i = 0; i < Iterations; i++)
        {
            var middle = new CalibrationLine((low + high) / 2, slope);
            if (probabilities.Average(middle.Apply) < mean) low = middle.Intercept;
            else high = middle.Intercept;
        }

        return new CalibrationLine((low + high) / 2, slope);
    }

    /// <summary>Moves a probability.</summary>
    public double Apply(double probability) => LogMath.Sigmoid(Intercept + (Slope * Logit(probability)));

    private static double Logit(double p) => LogMath.Logit(Math.Clamp(p, BinaryMetrics.Edge, 1 - BinaryMetrics.Edge));
}
