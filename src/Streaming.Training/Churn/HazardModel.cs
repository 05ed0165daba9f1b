using Streaming.Training.Onnx;
using Streaming.Training.Trees;

namespace Streaming.Training.Churn;

/// <summary>
/// P(a purchase within the next week), as a logistic model and as boosted trees over rows of a customer and a week: a discrete-time hazard (Singer and Willett, 1993). The survival of the weeks that
/// follow is multiplied up to any horizon, features moving as they would without a purchase, so that P(no purchase) never grows with the horizon.
/// </summary>
public sealed class HazardModel
{
    /// <summary>Days of a week: the step.</summary>
    public const int Week = 7;

    private const int WarmUpDays = 14, MostWindows = 60;

    /// <summary>The logistic part.</summary>
    public required LogisticModel Logistic { get; init; }
    /// <summary>The trees; null where only the logistic part is asked for.</summary>
    public required TreeEnsemble? Trees { get; init; }
    /// <summary>Makes the features.</summary>
    public required ChurnFeatures Features { get; init; }

    /// <summary>Fits on every week that is closed by the end of the data.</summary>
    /// <param name="buyers">Customers with a purchase; none later than the last day.</param>
    /// <param name="features">What is seen.</param>
    /// <param name="firstDay">First day of the data.</param>
    /// <param name="lastDay">Last day that may be known.</param>
    /// <param name="options">How.</param>
    /// <param name="withTrees">False: the logistic part alone.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Null where weeks with, or without, a purchase are too few.</returns>
    public static HazardModel? Fit(IReadOnlyList<CustomerPurchases> buyers, ChurnFeatures features, int firstDay, int lastDay, ChurnModelOptions options, bool withTrees, CancellationToken cancellation)
    {
        var rows = Rows(buyers, features, firstDay, lastDay, options.HalfLifeDays);
        var bought = rows.Bought.Count(b => b);
        if (bought < options.LeastOutcomes || rows.Rows - bought < options.LeastOutcomes) return null;
        return new HazardModel
        {
            Features = features,
            Logistic = LogisticModel.Fit(rows, options.Ridge),
            Trees = withTrees ? LogisticTrees.Fit(rows.Features, ChurnFeatures.Count, rows.Bought, rows.Weights, options.Trees, cancellation) : null,
        };
    }

    /// <summary>Rows of a customer and a week, for every week that is closed by the end of the data.</summary>
    internal static ChurnRows Rows(IReadOnlyList<CustomerPurchases> buyers, ChurnFeatures features, int firstDay, int lastDay, double halfLifeDays) =>
        ChurnRowBuilder.Build(buyers, features, ChurnRowBuilder.Starts(firstDay, lastDay, Week, WarmUpDays, MostWindows), Week, halfLifeDays);

    /// <summary>Logit of P(a purchase within the week) for one row, with the trees' share of it.</summary>
    public double Logit(ReadOnlySpan<float> row, double treesShare)
    {
        var logistic = treesShare < 1 ? (1 - treesShare) * Logistic.Logit(row) : 0;
        return logistic + (treesShare > 0 ? treesShare * Trees!.Evaluate(row) : 0);
    }

    /// <summary>P(no purchase within some days after a day).</summary>
    /// <param name="customer">With a purchase by the day, and none later.</param>
    /// <param name="day">End of what is known.</param>
    /// <param name="days">Days.</param>
    /// <param name="treesShare">Share of the trees in the logit, 0 to 1.</param>
    public double NoPurchase(CustomerPurchases customer, int day, int days, double treesShare)
    {
        Span<double> shares = [treesShare];
        NoPurchase(customer, day, days, shares);
        return shares[0];
    }

    /// <summary>The same for several shares at once; each is replaced by its answer.</summary>
    public void NoPurchase(CustomerPurchases customer, int day, int days, Span<double> shares)
    {
        Span<float> row = stackalloc float[ChurnFeatures.Count];
        Span<double> sums = stackalloc double[shares.Length];
        sums.Clear();
        for (var from = 0; from < days; from += Week)
        {
            Features.Fill(customer, day + from, Week, row);
            var part = Math.Min(Week, days - from) / (double)Week;
            for (var s = 0; s < shares.Length; s++) sums[s] += part * LogMath.LogOneMinusSigmoid(Logit(row, shares[s]));
        }

        for (var s = 0; s < shares.Length; s++) shares[s] = Math.Exp(sums[s]);
    }
}
