using System.IO.Compression;
using System.Text;
using Streaming.Training.Uplift;

namespace Streaming.Training.Tests.Uplift;

public sealed class UpliftEvaluationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("uplift").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_effect_that_depends_on_a_column_is_found_and_ranked_by_it()
    {
        var result = Run(SimulatedTrial.Lines(3000, 0.02, 0.25, seed: 5));
        Assert.Equal(UpliftResult.Differs, result.Verdict);
        Assert.True(result.P <= 0.05);
        Assert.InRange(result.Qini, result.Baselines["column:a"].Qini - result.QiniSe, 1);
        Assert.True(result.Top30 > result.Effect);
        Assert.InRange(result.Spread, 0.06, 0.2); // planted: 0.125
        Assert.InRange(result.SmallestSpread, 0.01, 0.125);
        Assert.Equal(["tLearner", "column:a", "column:b", "column:c"], result.Baselines.Keys);
        Assert.Equal(["a", "b", "c"], result.Features);
        Assert.Equal(4, result.LeftOut.Count); // id, arm, bought, spend
    }

    [Fact]
    public void Run_one_effect_for_all_says_that_no_difference_was_detected()
    {
        var result = Run(SimulatedTrial.Lines(1500, 0.2, 0, seed: 6));
        Assert.Equal(UpliftResult.NoDifference, result.Verdict);
        Assert.Equal(0.2, result.Effect, 0.1);
        Assert.True(result.P > 0.05);
        Assert.True(result.SmallestSpread > 0.02); // what it could not have seen is said
    }

    [Fact]
    public void Run_again_gives_the_same_and_zipped_with_another_order_of_columns_too()
    {
        var lines = SimulatedTrial.Lines(600, 0.05, 0.2, seed: 7);
        var (first, second) = (Run(lines), Run(lines));
        Assert.Equal((first.Qini, first.P, first.SmallestSpread, first.QiniSe), (second.Qini, second.P, second.SmallestSpread, second.QiniSe));
        var path = Path.Combine(_folder, "other.csv.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(string.Join("\r\n", lines.Select(l => string.Join(',', l.Split(',').Select((f, i) => (f, Place: i is 4 or 5 ? i - 10 : i)).OrderBy(f => f.Place).Select(f => f.f))))));
        var zipped = UpliftEvaluation.Run(Options(path), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((first.Qini, first.P), (zipped.Qini, zipped.P));
    }

    [Fact]
    public void Run_fit_and_test_files_score_the_test_rows_alone()
    {
        var fit = Write("fit.csv", SimulatedTrial.Lines(2500, 0.02, 0.3, seed: 8));
        var test = Write("test.csv", [.. SimulatedTrial.Lines(1200, 0.02, 0.3, seed: 9), "9,1,not a number,x,letter,1,0", "9,1,1,x,letter", "9,1,1,x,,1,0", "9,1,1,x,postcard,1,0"]);
        var result = UpliftEvaluation.Run(Options(fit) with { Test = test }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((1200, 3L, 1L), (result.Customers, result.BadRows, result.OtherArms));
        Assert.All(result.BadRowsNamed, name => Assert.StartsWith("test line 120", name, StringComparison.Ordinal));
        Assert.Equal(UpliftResult.Differs, result.Verdict);
        Assert.Single(result.Learners);
    }

    [Theory]
    [InlineData("1")] // every outcome the same
    [InlineData("0")]
    public void Run_outcomes_without_variation_give_figures_of_nothing(string outcome)
    {
        var lines = SimulatedTrial.Lines(400, 0, 0, seed: 10);
        for (var i = 1; i < lines.Count; i++) lines[i] = string.Join(',', lines[i].Split(',').Select((f, c) => c == 5 ? outcome : f));
        var result = Run(lines);
        Assert.Equal((0, 1, 0, UpliftResult.NoDifference), (result.Qini, result.P, result.Effect, result.Verdict));
    }

    [Fact]
    public void Run_without_enough_customers_or_features_says_so_or_goes_on()
    {
        Assert.Contains("are needed", Assert.Throws<InvalidDataException>(() => Run(SimulatedTrial.Lines(60, 0, 0, seed: 1))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Run([]));
        var result = UpliftEvaluation.Run(Options(Write("none.csv", SimulatedTrial.Lines(300, 0, 0, seed: 2))) with { Exclude = ["A", "b", "c"] }, cancellation: TestContext.Current.CancellationToken);
        Assert.Empty(result.Features);
        Assert.Equal((0, UpliftResult.NoDifference), (result.Qini, result.Verdict));
    }

    [Fact]
    public void Run_amounts_and_empty_and_huge_fields_are_taken()
    {
        var lines = SimulatedTrial.Lines(500, 0.05, 0.2, seed: 11);
        for (var i = 1; i < lines.Count; i += 7) lines[i] = string.Join(',', lines[i].Split(',').Select((f, c) => c == 2 ? (i % 2 == 0 ? "" : "1e300") : c == 3 ? $"rare{i}" : f));
        var result = UpliftEvaluation.Run(Options(Write("spend.csv", lines)) with { Outcome = "spend" }, cancellation: TestContext.Current.CancellationToken);
        Assert.True(double.IsFinite(result.Qini) && double.IsFinite(result.P));
        Assert.Contains("bought", result.Features); // an outcome of a name of its own has to be excluded by hand
    }

    [Fact]
    public void Validate_names_every_bad_option() => Assert.Equal(["Fit", "Treatment", "Outcome", "Folds", "Permutations", "Draws", "Simulations"],
        new UpliftOptions { Fit = "", Treatment = "", Outcome = "", Folds = 2, Permutations = 199, Draws = 1, Simulations = -1 }.Validate().Select(e => e.Split(' ')[0]));

    private UpliftResult Run(List<string> lines) => UpliftEvaluation.Run(Options(Write("trial.csv", lines)), cancellation: TestContext.Current.CancellationToken);

    private static UpliftOptions Options(string path) => new() { Fit = path, Treatment = "letter", Outcome = "bought", Permutations = 200, Draws = 100 };

    private string Write(string name, List<string> lines)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
