namespace Streaming.Training.Trees;

/// <summary>Sums over the rows of a bin.</summary>
internal struct BinSums
{
    /// <summary>Of the first derivatives.</summary>
    public double Gradient;
    /// <summary>Of the second derivatives.</summary>
    public double Curvature;
}
