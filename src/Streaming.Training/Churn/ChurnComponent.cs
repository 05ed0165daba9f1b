namespace Streaming.Training.Churn;

/// <summary>Places of the models among a customer's answers, and their names.</summary>
internal static class ChurnComponent
{
    /// <summary>BG/NBD.</summary>
    public const int BgNbd = 0;
    /// <summary>Pareto/NBD.</summary>
    public const int ParetoNbd = 1;
    /// <summary>Weekly hazard, logistic.</summary>
    public const int HazardLogistic = 2;
    /// <summary>Weekly hazard, boosted trees.</summary>
    public const int HazardTrees = 3;
    /// <summary>The whole window, logistic.</summary>
    public const int DirectLogistic = 4;
    /// <summary>The whole window, boosted trees.</summary>
    public const int DirectTrees = 5;
    /// <summary>Number of models.</summary>
    public const int Count = 6;

    /// <summary>Names.</summary>
    public static readonly IReadOnlyList<string> Names = ["bg-nbd", "pareto-nbd", "hazard-logistic", "hazard-trees", "window-logistic", "window-trees"];
}
