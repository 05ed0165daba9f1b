namespace Streaming.Training.Onnx;

/// <summary>Decision trees whose answers are added up: what <c>ai.onnx.ml.TreeEnsembleRegressor</c> computes, with one target.</summary>
/// <param name="Base">What is added to the sum.</param>
/// <param name="Trees">The trees.</param>
public sealed record TreeEnsemble(float Base, IReadOnlyList<TreeEnsembleTree> Trees)
{
    /// <summary>The sum for one row, in single precision as the runtime adds.</summary>
    public float Evaluate(ReadOnlySpan<float> row)
    {
        var sum = 0f;
        foreach (var tree in Trees) sum += tree.Evaluate(row);
        return sum + Base;
    }
}
