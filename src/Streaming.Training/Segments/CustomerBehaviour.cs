namespace Streaming.Training.Segments;

/// <summary>What one customer did up to a moment of event time.</summary>
/// <param name="User">Customer.</param>
/// <param name="RecencyDays">Days from the last purchase to the moment.</param>
/// <param name="Occasions">Days with a purchase.</param>
/// <param name="Amount">Sum of quantity × price; of lines, where no price is known.</param>
/// <param name="Features">In the order of <see cref="BehaviourTable.Features"/>; NaN where the customer has not done enough.</param>
internal sealed record CustomerBehaviour(string User, double RecencyDays, int Occasions, double Amount, double[] Features)
{
    /// <summary>Lines bought, lines of them of an item bought before, lines given back, and views and clicks.</summary>
    public (long Bought, long Repeated, long Refunded, long Looks) Lines { get; init; }

    /// <summary>Days from the first purchase to the moment.</summary>
    public double DaysSinceFirst { get; init; } = double.NaN;

    /// <summary>Median of the days between one day with a purchase and the next; NaN with one occasion.</summary>
    public double MedianGapDays { get; init; } = double.NaN;
}
