namespace Streaming.Core.Churn;

/// <summary>One reason of a risk.</summary>
/// <param name="Code">Stable name: days_since_purchase, gap_ratio or single_purchase.</param>
/// <param name="Value">The figure behind it: days, multiples of the usual gap, or 1.</param>
/// <param name="Share">What it adds to the log-odds.</param>
public readonly record struct ChurnReasonShare(string Code, double Value, double Share);
