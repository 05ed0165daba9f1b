namespace Streaming.Training.Churn;

/// <summary>Examples: a customer at the end of a day, and whether they bought in the window after it.</summary>
public sealed class ChurnRows
{
    /// <summary>Row-major [Rows, Features].</summary>
    public required float[] Features { get; init; }
    /// <summary>True: bought within the window.</summary>
    public required bool[] Bought { get; init; }
    /// <summary>Weight of each row.</summary>
    public required float[] Weights { get; init; }
    /// <summary>Number of rows.</summary>
    public int Rows => Bought.Length;
    /// <summary>Features of one row.</summary>
    public ReadOnlySpan<float> Row(int row) => Features.AsSpan(row * ChurnFeatures.Count, ChurnFeatures.Count);
}
