namespace Streaming.Training.Churn;

/// <summary>What is said of one customer.</summary>
/// <param name="NoPurchase">P(no purchase within the days asked about); null where the definition does not fit.</param>
/// <param name="Model">Which model spoke, or <see cref="NeverBought"/>.</param>
/// <param name="Extrapolated">True: no closed window of that length could be held against the model.</param>
public readonly record struct ChurnAnswer(double? NoPurchase, string Model, bool Extrapolated)
{
    /// <summary>Why there is no score: someone who never bought cannot stop buying.</summary>
    public const string NeverBought = "none: never bought";
}
