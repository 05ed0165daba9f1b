using Streaming.Training.Churn;

namespace Streaming.Training.Tests.Churn;

public sealed class CholeskyTests
{
    private static readonly double[] A = [4, 1, 0.5, 1, 3, -1, 0.5, -1, 2];

    [Fact]
    public void Invert_times_the_matrix_is_one()
    {
        var inverse = Cholesky.Invert([.. A], 3);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++) Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, 3).Sum(k => A[(i * 3) + k] * inverse[(k * 3) + j]), 1e-12);
        }
    }

    [Fact]
    public void Solve_reads_the_lower_triangle_alone()
    {
        double[] lower = [4, double.NaN, double.NaN, 1, 3, double.NaN, 0.5, -1, 2], right = [1, -2, 3];
        var x = Cholesky.Solve(lower, right);
        for (var i = 0; i < 3; i++) Assert.Equal(right[i], Enumerable.Range(0, 3).Sum(k => A[(i * 3) + k] * x[k]), 1e-12);
    }

    [Fact]
    public void Singular_systems_have_finite_answers()
    {
        Assert.All(Cholesky.Invert(new double[4], 2), v => Assert.False(double.IsNaN(v)));
        Assert.All(Cholesky.Solve([1, 1, 1, 1], [1, 1]), v => Assert.True(double.IsFinite(v)));
        Assert.All(Cholesky.Solve(new double[4], [0, 0]), v => Assert.True(double.IsFinite(v)));
    }
}
