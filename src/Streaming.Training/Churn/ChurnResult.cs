namespace Streaming.Training.Churn;

/// <summary>Result of <c>evaluate churn</c>; serialised in camel case it is the command's result line. Probabilities are those of a purchase ("buys again").</summary>
public sealed record ChurnResult
{
    /// <summary>Customers with a valid purchase by the cut.</summary>
    public required int Customers { get; init; }
    /// <summary>Customers known by the cut who never bought: no score.</summary>
    public required int CustomersWithoutScore { get; init; }
    /// <summary>Share of customers who bought within the window.</summary>
    public required double BaseRate { get; init; }
    /// <summary>Mean probability of the model.</summary>
    public required double MeanPredicted { get; init; }
    /// <summary>Area under the ROC curve.</summary>
    public required double Auroc { get; init; }
    /// <summary>Ends of its 95 % interval, by draws of customers.</summary>
    public required double AurocLow { get; init; }
    /// <summary>See <see cref="AurocLow"/>.</summary>
    public required double AurocHigh { get; init; }
    /// <summary>Log-loss, nats.</summary>
    public required double LogLoss { get; init; }
    /// <summary>Ends of its 95 % interval.</summary>
    public required double LogLossLow { get; init; }
    /// <summary>See <see cref="LogLossLow"/>.</summary>
    public required double LogLossHigh { get; init; }
    /// <summary>Expected calibration error, 10 bins of equal mass.</summary>
    public required double Ece { get; init; }
    /// <summary>95th percentile of it where the model's own probabilities are true.</summary>
    public required double EceNoise95 { get; init; }
    /// <summary>Shift of the logit that would set the level right; 0 is best, above 0: more bought than said.</summary>
    public required double CalibrationInTheLarge { get; init; }
    /// <summary>Scale of the logit that would set the spread right; 1 is best.</summary>
    public required double Slope { get; init; }
    /// <summary>The same features fitted on the answers themselves, 5-fold: a ceiling, never a result.</summary>
    public required double CeilingAuroc { get; init; }
    /// <summary>See <see cref="CeilingAuroc"/>.</summary>
    public required double CeilingLogLoss { get; init; }
    /// <summary>Figures by baseline: recency, frequency, bgNbd, paretoNbd.</summary>
    public required IReadOnlyDictionary<string, ChurnBaseline> Baselines { get; init; }
    /// <summary>The baseline with the lowest log-loss.</summary>
    public required string BestBaseline { get; init; }
    /// <summary>Ends of the paired 90 % interval of the log-loss gained over the best baseline.</summary>
    public required double LogLossGainLow { get; init; }
    /// <summary>See <see cref="LogLossGainLow"/>.</summary>
    public required double LogLossGainHigh { get; init; }
    /// <summary>Which model spoke.</summary>
    public required string Model { get; init; }
    /// <summary>True: the horizon is longer than any that could be held against a closed window.</summary>
    public required bool Extrapolated { get; init; }
    /// <summary>Longest horizon that could be.</summary>
    public required int CalibratedToDays { get; init; }
    /// <summary>Earlier windows that chose and calibrated.</summary>
    public required int Rehearsals { get; init; }
    /// <summary>Shift and scale of the logit that they gave.</summary>
    public required double LineIntercept { get; init; }
    /// <summary>See <see cref="LineIntercept"/>.</summary>
    public required double LineSlope { get; init; }
    /// <summary>Parameters of BG/NBD, weeks.</summary>
    public required IReadOnlyDictionary<string, double> BgNbd { get; init; }
    /// <summary>Parameters of Pareto/NBD, weeks.</summary>
    public required IReadOnlyDictionary<string, double> ParetoNbd { get; init; }
    /// <summary>Lifetime value over the window, against what was spent.</summary>
    public ChurnValueResult? Value { get; init; }
    /// <summary>What alerts at each risk would have met; null where not asked for.</summary>
    public IReadOnlyList<ChurnAlertRow>? Alerts { get; init; }
    /// <summary>Rows that could not be parsed.</summary>
    public required long BadRows { get; init; }
    /// <summary>Seconds of the fit.</summary>
    public required double FitSeconds { get; init; }
    /// <summary>What cannot be learned from this history, in words; empty where nothing is amiss.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Figures of one baseline.</summary>
/// <param name="Auroc">Area under the ROC curve.</param>
/// <param name="LogLoss">Log-loss, nats.</param>
/// <param name="MeanPredicted">Mean probability of a purchase.</param>
public sealed record ChurnBaseline(double Auroc, double LogLoss, double MeanPredicted);

/// <summary>Alerts at one risk.</summary>
/// <param name="Risk">P(no purchase) from which one goes out.</param>
/// <param name="Alerts">Customers alerted.</param>
/// <param name="Precision">Share of them who did not buy.</param>
/// <param name="Recall">Share of those who did not buy.</param>
public sealed record ChurnAlertRow(double Risk, int Alerts, double Precision, double Recall);

/// <summary>Lifetime value over the window, against what was spent.</summary>
/// <param name="Coverage80">Share of customers whose spend lay within the 80 % interval.</param>
/// <param name="MeanExpected">Mean expected spend of a customer.</param>
/// <param name="MeanSpent">Mean spend of a customer.</param>
/// <param name="ExpectedPurchases">Mean expected purchase occasions.</param>
/// <param name="Purchases">Mean purchase occasions.</param>
public sealed record ChurnValueResult(double Coverage80, double MeanExpected, double MeanSpent, double ExpectedPurchases, double Purchases);
