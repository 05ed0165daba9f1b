using Streaming.Training.Uplift;

namespace Streaming.Training.Tests.Uplift;

public sealed class GroupRidgeTests
{
    private static readonly int[] Columns = [0, 1, 2], Groups = [0, 1, 2];

    [Fact]
    public void Fit_keeps_what_speaks_and_drops_what_does_not()
    {
        var model = GroupRidge.Fit(Data(2000, 0.3), Columns, Groups, 0.5);
        Assert.Equal(1, model[0], 0.1);
        Assert.Equal(0.3, model[1], 0.1);
        Assert.Equal(0, model[2]);
    }

    [Fact]
    public void Fit_reluctance_takes_fewer() => Assert.True(Kept(0.5) < Kept(0) && Kept(0) < 60);

    [Fact]
    public void Fit_without_rows_or_variation_is_the_mean()
    {
        Assert.Equal(new double[3], GroupRidge.Fit(new Moments(new double[9]), Columns, Groups, 0));
        Assert.Equal([2.0, 0, 0], GroupRidge.Fit(Of(100, (_, _) => 2, 3), Columns, Groups, 0));
    }

    [Fact]
    public void Fit_columns_that_say_the_same_share_it()
    {
        var gram = new double[9];
        var data = new Moments(gram);
        var random = new SeededRandom(4);
        for (var i = 0; i < 1000; i++)
        {
            var x = random.Normal();
            Add(data, [1, x, x], x + random.Normal());
        }

        var model = GroupRidge.Fit(data, Columns, Groups, 0);
        Assert.Equal(1, model[1] + model[2], 0.1);
        Assert.All(model, b => Assert.True(double.IsFinite(b)));
    }

    /// <summary>How many of a hundred columns without meaning are kept.</summary>
    private static int Kept(double reluctance) => Enumerable.Range(0, 50).Sum(s => GroupRidge.Fit(Data(500, 0, (ulong)s), Columns, Groups, reluctance).Skip(1).Count(b => b != 0));

    private static Moments Data(int rows, double slope, ulong seed = 3) => Of(rows, (x, random) => 1 + (slope * x) + random.Normal(), seed);

    private static Moments Of(int rows, Func<double, SeededRandom, double> outcome, ulong seed)
    {
        var data = new Moments(new double[9]);
        var random = new SeededRandom(seed);
        for (var i = 0; i < rows; i++)
        {
            var x = random.Normal();
            Add(data, [1, x, random.Normal()], outcome(x, random));
        }

        return data;
    }

    private static void Add(Moments data, double[] x, double y)
    {
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++) data.Gram[(i * 3) + j] += x[i] * x[j];
            data.Cross[i] += x[i] * y;
        }

        data.Square += y * y;
    }
}
