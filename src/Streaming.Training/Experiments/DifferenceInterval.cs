namespace Streaming.Training.Experiments;

/// <summary>A difference, treated less control, in units of the outcome.</summary>
/// <param name="Difference">Estimate.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct DifferenceInterval(double Difference, double Low, double High)
{
    /// <summary>Nothing can be said.</summary>
    public static DifferenceInterval Unknown { get; } = new(double.NaN, double.NegativeInfinity, double.PositiveInfinity);
}
