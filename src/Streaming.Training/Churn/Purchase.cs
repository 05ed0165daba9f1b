namespace Streaming.Training.Churn;

/// <summary>All that a customer bought on one day: one purchase occasion.</summary>
/// <param name="Day">Days since 1970-01-01.</param>
/// <param name="Spend">Money, in the file's currency; 0 where the form has none.</param>
/// <param name="Units">Units bought.</param>
/// <param name="Lines">Rows of the file.</param>
public readonly record struct Purchase(int Day, double Spend, double Units, int Lines);
