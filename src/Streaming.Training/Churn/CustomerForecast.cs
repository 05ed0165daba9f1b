namespace Streaming.Training.Churn;

/// <summary>What is expected of one customer within a window.</summary>
/// <param name="Return">P(a purchase).</param>
/// <param name="Purchases">Expected purchase occasions.</param>
/// <param name="Value">Expected spend.</param>
/// <param name="ValueLow">Lower end of the 80 % interval of the spend: 0 where spending nothing is among the likeliest fifths.</param>
/// <param name="ValueHigh">Its upper end.</param>
/// <param name="NextDays">Median of the days until the next purchase, given that there is one; null where none is to be expected.</param>
/// <param name="NextDaysLow">Lower end of its 80 % range.</param>
/// <param name="NextDaysHigh">Upper end of its 80 % range.</param>
public readonly record struct CustomerForecast(double Return, double Purchases, double Value, double ValueLow, double ValueHigh, double? NextDays, double? NextDaysLow, double? NextDaysHigh);
