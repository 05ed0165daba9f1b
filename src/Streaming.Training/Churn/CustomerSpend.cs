namespace Streaming.Training.Churn;

/// <summary>What Gamma-Gamma knows of a customer.</summary>
/// <param name="Count">Occasions with a spend above 0.</param>
/// <param name="Mean">Their mean.</param>
internal readonly record struct CustomerSpend(int Count, double Mean);
